package org.llavacluster.modelio.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** A function, method, filter or test that the engine provides. Immutable. */
final class Builtin implements CallableValue {

    private final String typeName;
    private final Parameters parameters;
    private final Body body;

    /** The function's implementation. */
    interface Body {
        Object call(Rendering rendering, Bound arguments);
    }

    Builtin(String typeName, Parameters parameters, Body body) {
        this.typeName = typeName;
        this.parameters = parameters;
        this.body = body;
    }

    @Override
    public Object call(Rendering rendering, Arguments arguments) {
        return body.call(rendering, parameters.bind(arguments));
    }

    @Override
    public String typeName() {
        return typeName;
    }

    /** This method bound to an object. */
    CallableValue of(Object self) {
        return new Method(self, this);
    }

    private record Method(Object self, Builtin function) implements CallableValue {
        @Override
        public Object call(Rendering rendering, Arguments arguments) {
            return function.call(rendering, arguments.prepended(self));
        }

        @Override
        public String typeName() {
            return "builtin_function_or_method";
        }
    }

    /** Collects functions by name. */
    static final class Table {

        private final String typeName;
        private final Map<String, Builtin> functions = new LinkedHashMap<>();

        Table(String typeName) {
            this.typeName = typeName;
        }

        /** Adds a function. The first parameter of methods is the object, and that of filters and tests the value. */
        Table add(String name, String parameters, Body body) {
            functions.put(name, new Builtin(typeName, new Parameters(name, parameters), body));
            return this;
        }

        Table alias(String name, String other) {
            functions.put(name, functions.get(other));
            return this;
        }

        Table addAll(Table other) {
            functions.putAll(other.functions);
            return this;
        }

        Map<String, Builtin> functions() {
            return Map.copyOf(functions);
        }
    }
}
