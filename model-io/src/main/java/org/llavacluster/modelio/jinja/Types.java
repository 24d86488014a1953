package org.llavacluster.modelio.jinja;

import java.math.BigInteger;

/** The Python types of values. */
final class Types {

    private Types() {}

    /** The name of the value's type. */
    static String name(Object value) {
        return switch (value) {
            case null -> "NoneType";
            case None _ -> "NoneType";
            case Undefined _ -> "Undefined";
            case Boolean _ -> "bool";
            case BigInteger _ -> "int";
            case Double _ -> "float";
            case Rope rope -> rope.isMarkup() ? "Markup" : "str";
            case ListValue _ -> "list";
            case TupleValue tuple -> tuple.names().isEmpty() ? "tuple" : "_GroupTuple";
            case DictValue _ -> "dict";
            case DictViewValue view -> view.typeName();
            case RangeValue _ -> "range";
            case BytesValue _ -> "bytes";
            case LazyValue lazy -> lazy.typeName();
            case NamespaceValue _ -> "Namespace";
            case CyclerValue _ -> "Cycler";
            case LoopValue _ -> "LoopContext";
            case CallableValue callable -> callable.typeName();
            default -> "object";
        };
    }

    /** The name that jinja2 uses for an object without an attribute. */
    static String owner(Object value) {
        return switch (value) {
            case None _ -> "None";
            case LoopValue _ -> "jinja2.runtime.LoopContext object";
            case NamespaceValue _ -> "jinja2.utils.Namespace object";
            default -> name(value) + " object";
        };
    }

    static boolean isTrue(Object value) {
        return switch (value) {
            case None _ -> false;
            case Undefined _ -> false;
            case Boolean bool -> bool;
            case BigInteger integer -> integer.signum() != 0;
            case Double number -> number != 0;
            case Rope rope -> !rope.isEmpty();
            case SequenceValue sequence -> sequence.size() > 0;
            case DictValue dict -> dict.size() > 0;
            case DictViewValue view -> view.dict().size() > 0;
            case RangeValue range -> range.size() > 0;
            case BytesValue bytes -> bytes.bytes().length > 0;
            case LoopValue loop -> loop.length() > 0;
            default -> true;
        };
    }

    /** {@code len()}, or -1 if the value has no length. */
    static int length(Object value) {
        return switch (value) {
            case Undefined _ -> 0;
            case Rope rope -> rope.length();
            case SequenceValue sequence -> sequence.size();
            case DictValue dict -> dict.size();
            case DictViewValue view -> view.dict().size();
            case RangeValue range -> range.size();
            case BytesValue bytes -> bytes.bytes().length;
            case LoopValue loop -> loop.length();
            default -> -1;
        };
    }

    static boolean isNumber(Object value) {
        return value instanceof Boolean || value instanceof BigInteger || value instanceof Double;
    }

    static boolean isCallable(Object value) {
        return value instanceof CallableValue || value instanceof LoopValue || value instanceof Undefined;
    }
}
