package org.llavacluster.text.jinja;

/**
 * What a name, an attribute or an item is that does not exist: it prints nothing and is false and empty; anything else fails.
 *
 * @param kind of the failure
 * @param problem that the failure states
 */
record Undefined(TemplateException.Kind kind, String problem) {

    static Undefined of(String problem) {
        return new Undefined(TemplateException.Kind.UNDEFINED, problem);
    }

    static Undefined name(String name) {
        return of("'" + name + "' is undefined");
    }

    /** An attribute that exists and that the sandbox keeps from templates. */
    static Undefined unsafe(Object object, String attribute) {
        return new Undefined(
                TemplateException.Kind.SECURITY,
                "access to attribute '" + attribute + "' of '" + Types.name(object) + "' object is unsafe");
    }

    TemplateException failure() {
        return new TemplateException(kind, problem);
    }

    /** Fails where the value is undefined. */
    static void refuse(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return 1;
    }
}
