package org.llavacluster.modelio.jinja;

/** The result of {@code joiner()}: empty on the first call, then the separator. */
final class JoinerValue implements CallableValue {

    private final Object separator;
    private boolean used;

    JoinerValue(Object separator) {
        this.separator = separator;
    }

    Object separator() {
        return separator;
    }

    boolean used() {
        return used;
    }

    @Override
    public Object call(Rendering rendering, Arguments arguments) {
        new Parameters("joiner", "").bind(arguments);
        Object given = used ? separator : Rope.EMPTY;
        used = true;
        return given;
    }

    @Override
    public String typeName() {
        return "Joiner";
    }
}
