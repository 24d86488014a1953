package org.llavacluster.modelio.jinja;

/** A Python type that templates can call: {@code dict}, {@code namespace} ... */
record TypeValue(String name, Builtin constructor) implements CallableValue {

    @Override
    public Object call(Rendering rendering, Arguments arguments) {
        return constructor.call(rendering, arguments);
    }

    Object member(String member) {
        if (member.equals("mro")) {
            return Undefined.unsafe(this, member);
        }
        return name.equals("dict") && member.equals("fromkeys") ? Members.find(new DictValue(), member) : null;
    }

    @Override
    public String typeName() {
        return "type";
    }
}
