package org.llavacluster.modelio.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/** Filters that return numbers or text of numbers. */
final class NumberFilters {

    private NumberFilters() {}

    static Builtin.Table table() {
        return new Builtin.Table("function")
                .add("abs", "x, /", (_, a) -> Numbers.absolute(a.get(0)))
                .add("int", "value, default=, base=", (_, a) -> integer(a))
                .add("float", "value, default=", (_, a) -> floating(a))
                .add("round", "value, precision=, method=", (rendering, a) -> round(rendering, a))
                .add("filesizeformat", "value, binary=", (_, a) -> fileSize(a));
    }

    private static Object integer(Bound a) {
        Object value = a.get(0);
        Undefined.refuse(value);
        Object absent = a.get(1, BigInteger.ZERO);
        if (value instanceof Rope rope) {
            int base = a.count(2, 10);
            Optional<BigInteger> parsed =
                    base == 0 || base >= 2 && base <= 36 ? parsed(rope.text(), base) : Optional.empty();
            return parsed.<Object>map(number -> number).orElseGet(() -> NumberText.parseFloat(rope.text())
                    .filter(number -> !number.isNaN() && !number.isInfinite())
                    .<Object>map(number -> Numbers.toInteger(number, RoundingMode.DOWN))
                    .orElse(absent));
        }
        if (value instanceof Double number) {
            if (number.isInfinite()) {
                throw TemplateException.arithmetic("cannot convert float infinity to integer");
            }
            return number.isNaN() ? absent : Numbers.toInteger(number, RoundingMode.DOWN);
        }
        BigInteger number = Numbers.index(value);
        return number == null ? absent : number;
    }

    private static Optional<BigInteger> parsed(String text, int base) {
        try {
            return NumberText.parseInteger(text, base);
        } catch (TemplateException e) {
            if (e.kind() == TemplateException.Kind.VALUE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Object floating(Bound a) {
        Object value = a.get(0);
        Undefined.refuse(value);
        Object absent = a.get(1, 0.0);
        if (value instanceof Rope rope) {
            return NumberText.parseFloat(rope.text())
                    .<Object>map(number -> number)
                    .orElse(absent);
        }
        return Types.isNumber(value) ? Numbers.asDouble(value) : absent;
    }

    private static Object round(Rendering rendering, Bound a) {
        Object method = a.get(2, Rope.of("common"));
        String name = method instanceof Rope rope ? rope.text() : "";
        Object precision = a.get(1, BigInteger.ZERO);
        switch (name) {
            case "common" -> {
                return Numbers.round(a.get(0), precision);
            }
            case "ceil", "floor" -> {
                Object factor = Operators.binary(rendering, "**", BigInteger.TEN, precision);
                Object scaled = Operators.binary(rendering, "*", a.get(0), factor);
                if (!Types.isNumber(scaled)) {
                    throw TemplateException.type("must be real number, not " + Types.name(scaled));
                }
                RoundingMode mode = name.equals("ceil") ? RoundingMode.CEILING : RoundingMode.FLOOR;
                Object whole =
                        scaled instanceof Double number ? Numbers.toInteger(number, mode) : Numbers.index(scaled);
                return Operators.binary(rendering, "/", whole, factor);
            }
            default -> throw TemplateException.runtime("round: the method must be common, ceil or floor");
        }
    }

    private static Rope fileSize(Bound a) {
        Object value = a.get(0);
        Undefined.refuse(value);
        double bytes;
        if (value instanceof Rope rope) {
            bytes = NumberText.parseFloat(rope.text())
                    .orElseThrow(() -> TemplateException.value("could not convert string to float"));
        } else if (Types.isNumber(value)) {
            bytes = Numbers.asDouble(value);
        } else {
            throw TemplateException.type(
                    "float() argument must be a string or a real number, not '" + Types.name(value) + "'");
        }
        boolean binary = a.flag(1, false);
        int base = binary ? 1024 : 1000;
        if (bytes == 1) {
            return Rope.of("1 Byte");
        }
        if (bytes < base) {
            return Rope.of(Numbers.toInteger(bytes, RoundingMode.DOWN) + " Bytes");
        }
        List<String> prefixes = List.of(binary ? "Ki" : "k", "M", "G", "T", "P", "E", "Z", "Y");
        BigDecimal unit = BigDecimal.valueOf(base);
        String prefix = "";
        for (int i = 0; i < prefixes.size(); i++) {
            unit = unit.multiply(BigDecimal.valueOf(base));
            prefix = prefixes.get(i) + (binary && i > 0 ? "i" : "") + "B";
            if (bytes < unit.doubleValue()) {
                break;
            }
        }
        return Rope.of(FormatSpec.format(base * bytes / unit.doubleValue(), Rope.of(".1f"))
                        .text() + " " + prefix);
    }
}
