package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * Arguments assigned to parameters.
 *
 * @param values in the order of the parameters; null if not given
 * @param more additional positional arguments
 * @param named additional named arguments
 */
record Bound(String function, List<String> names, Object[] values, List<Object> more, Map<Rope, Object> named) {

    /** The argument, or null. */
    Object get(int index) {
        return values[index];
    }

    Object get(int index, Object absent) {
        return values[index] == null ? absent : values[index];
    }

    boolean has(int index) {
        return values[index] != null;
    }

    /** Whether the argument was given and is not {@code None}. */
    boolean hasValue(int index) {
        return values[index] != null && values[index] != None.NONE;
    }

    boolean flag(int index, boolean absent) {
        return values[index] == null ? absent : Types.isTrue(values[index]);
    }

    /** The argument as a string; it must have been given. */
    Rope text(int index) {
        if (values[index] instanceof Rope rope) {
            return rope;
        }
        throw wrongType(index, "str");
    }

    Rope text(int index, Rope absent) {
        return values[index] == null ? absent : text(index);
    }

    BigInteger integer(int index) {
        BigInteger integer = Numbers.index(values[index]);
        if (integer == null) {
            throw wrongType(index, "int");
        }
        return integer;
    }

    /** The argument as a number of items or characters, clamped to the range of {@code int}. */
    int count(int index, int absent) {
        return values[index] == null ? absent : Numbers.count(integer(index));
    }

    TemplateException wrongType(int index, String wanted) {
        return TemplateException.type(function + "() argument '" + names.get(index) + "' must be " + wanted + ", not "
                + Types.name(values[index]));
    }
}
