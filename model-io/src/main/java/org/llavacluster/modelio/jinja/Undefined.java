package org.llavacluster.modelio.jinja;

/**
 * A name, attribute or item that does not exist. It prints nothing and is false and empty; any other use fails.
 *
 * @param kind kind of the failure
 * @param problem message of the failure
 */
record Undefined(TemplateException.Kind kind, String problem) {

    static Undefined of(String problem) {
        return new Undefined(TemplateException.Kind.UNDEFINED, problem);
    }

    static Undefined name(String name) {
        return of("'" + name + "' is undefined");
    }

    /** An attribute that exists but is forbidden by the sandbox. */
    static Undefined unsafe(Object object, String attribute) {
        return new Undefined(
                TemplateException.Kind.SECURITY,
                "access to attribute '" + attribute + "' of '" + Types.name(object) + "' object is unsafe");
    }

    /** The same where a person wrote the attribute's name. */
    static Undefined unsafe(Object object) {
        return new Undefined(
                TemplateException.Kind.SECURITY,
                "access to this attribute of '" + Types.name(object) + "' object is unsafe");
    }

    /** Whether the sandbox made it. */
    boolean isForbidden() {
        return kind == TemplateException.Kind.SECURITY;
    }

    TemplateException failure() {
        return new TemplateException(kind, problem);
    }

    /** Fails if the value is undefined. */
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
