package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** The methods of Python's {@code str}. Each keeps the origin of the characters. */
final class StringMethods {

    private static final Map<String, Builtin> PLAIN = table().functions();
    private static final Map<String, Builtin> MARKUP = markupTable().functions();

    private StringMethods() {}

    static Map<String, Builtin> of(Rope self) {
        return self.isMarkup() ? MARKUP : PLAIN;
    }

    private static Builtin.Table table() {
        Builtin.Table table = new Builtin.Table("builtin_function_or_method");
        map(table, "upper", CaseMapping::upper);
        map(table, "lower", CaseMapping::lower);
        map(table, "capitalize", CaseMapping::capitalized);
        map(table, "title", CaseMapping::titled);
        map(table, "swapcase", CaseMapping::swapped);
        map(table, "casefold", CaseMapping::folded);
        check(table, "isalpha", CodePoints::isAlpha);
        check(table, "isalnum", CodePoints::isAlphanumeric);
        check(table, "isdecimal", CodePoints::isDecimal);
        check(table, "isdigit", CodePoints::isDigit);
        check(table, "isnumeric", CodePoints::isNumeric);
        check(table, "isspace", CodePoints::isSpace);
        table.add("isascii", "self", (_, a) -> a.text(0).text().chars().allMatch(c -> c < 0x80));
        table.add("isprintable", "self", (_, a) -> a.text(0).text().codePoints().allMatch(CodePoints::isPrintable));
        table.add(
                "isidentifier",
                "self",
                (_, a) -> CodePoints.isIdentifier(a.text(0).text()));
        table.add("islower", "self", (_, a) -> isLower(a.text(0)));
        table.add("isupper", "self", (_, a) -> isUpper(a.text(0)));
        table.add("istitle", "self", (_, a) -> isTitle(a.text(0).text()));
        table.add("strip", "self, chars=, /", (_, a) -> strip(a.text(0), chars(a), true, true));
        table.add("lstrip", "self, chars=, /", (_, a) -> strip(a.text(0), chars(a), true, false));
        table.add("rstrip", "self, chars=, /", (_, a) -> strip(a.text(0), chars(a), false, true));
        table.add("split", "self, sep=, maxsplit=", (_, a) -> split(a));
        table.add("rsplit", "self, sep=, maxsplit=", (_, a) -> rightSplit(a));
        table.add("splitlines", "self, keepends=", (_, a) -> list(TextParts.lines(a.text(0), a.flag(1, false))));
        table.add("partition", "self, sep, /", (_, a) -> partition(a, false));
        table.add("rpartition", "self, sep, /", (_, a) -> partition(a, true));
        table.add("join", "self, iterable, /", (rendering, a) -> join(rendering, a.text(0), a.get(1)));
        table.add("replace", "self, old, new, count=, /", (_, a) -> TextParts.replace(
                        a.text(0), a.text(1), a.text(2), a.count(3, -1))
                .withMarkup(a.text(0).isMarkup()));
        table.add("find", "self, sub, start=, end=, /", (_, a) -> Numbers.integer(find(a, false)));
        table.add("rfind", "self, sub, start=, end=, /", (_, a) -> Numbers.integer(find(a, true)));
        table.add("index", "self, sub, start=, end=, /", (_, a) -> found(find(a, false)));
        table.add("rindex", "self, sub, start=, end=, /", (_, a) -> found(find(a, true)));
        table.add("count", "self, sub, start=, end=, /", (_, a) -> count(a));
        table.add("startswith", "self, prefix, start=, end=, /", (_, a) -> affixed(a, false));
        table.add("endswith", "self, suffix, start=, end=, /", (_, a) -> affixed(a, true));
        table.add(
                "removeprefix",
                "self, prefix, /",
                (_, a) -> a.text(0).text().startsWith(a.text(1).text())
                        ? a.text(0).sub(a.text(1).units())
                        : a.text(0));
        table.add(
                "removesuffix",
                "self, suffix, /",
                (_, a) -> !a.text(1).isEmpty()
                                && a.text(0).text().endsWith(a.text(1).text())
                        ? a.text(0).sub(0, a.text(0).units() - a.text(1).units())
                        : a.text(0));
        table.add("ljust", "self, width, fillchar=, /", (_, a) -> pad(a.text(0), 0, space(a), fill(a)));
        table.add("rjust", "self, width, fillchar=, /", (_, a) -> pad(a.text(0), space(a), 0, fill(a)));
        table.add("center", "self, width, fillchar=, /", (_, a) -> center(a.text(0), a.count(1, 0), fill(a)));
        table.add("zfill", "self, width, /", (_, a) -> zeroFill(a.text(0), space(a)));
        table.add("expandtabs", "self, tabsize=", (_, a) -> expandTabs(a.text(0), a.count(1, 8)));
        table.add("translate", "self, table, /", (_, a) -> translate(a.text(0), a.get(1)));
        table.add("maketrans", "self, x, y=, z=, /", (_, a) -> translationTable(a));
        table.add("encode", "self, encoding=, errors=", (_, a) -> encode(a));
        table.add("format", "self, *, **", (rendering, a) -> new BraceFormat(
                        rendering, a.text(0), a.more(), named(a.named()))
                .formatted());
        table.add("format_map", "self, mapping, /", (rendering, a) -> new BraceFormat(
                        rendering, a.text(0), List.of(), mapping(a.get(1)))
                .formatted());
        return table;
    }

    private static Builtin.Table markupTable() {
        Builtin.Table table = new Builtin.Table("method").addAll(table());
        table.add("join", "self, iterable, /", (rendering, a) -> Html.join(rendering, a.text(0), a.get(1)));
        table.add("replace", "self, old, new, count=, /", (_, a) -> TextParts.replace(
                        a.text(0), a.text(1), Html.escape(a.get(2)), a.count(3, -1))
                .withMarkup(true));
        table.add("striptags", "self", (_, a) -> Html.withoutTags(a.text(0)));
        table.add("unescape", "self", (_, a) -> Html.unescape(a.text(0)));
        table.add("escape", "self, s, /", (_, a) -> Html.escape(a.get(1)));
        return table;
    }

    private static void map(Builtin.Table table, String name, UnaryOperator<Rope> mapping) {
        table.add(name, "self", (_, a) -> mapping.apply(a.text(0)));
    }

    private static void check(Builtin.Table table, String name, IntPredicate test) {
        table.add(
                name,
                "self",
                (_, a) -> !a.text(0).isEmpty() && a.text(0).text().codePoints().allMatch(test));
    }

    static ListValue list(List<Rope> parts) {
        return new ListValue(List.copyOf(parts));
    }

    static boolean isLower(Rope rope) {
        return rope.text().codePoints().anyMatch(CodePoints::isCased)
                && rope.text().codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    static boolean isUpper(Rope rope) {
        return rope.text().codePoints().anyMatch(CodePoints::isCased)
                && rope.text().codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    private static boolean isTitle(String text) {
        boolean cased = false;
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            boolean upper = Character.isUpperCase(c) || Character.isTitleCase(c);
            if (upper && inWord || Character.isLowerCase(c) && !inWord) {
                return false;
            }
            inWord = CodePoints.isCased(c);
            cased |= inWord;
        }
        return cased;
    }

    /** The characters that a strip removes: white space, or the given ones. */
    private static IntPredicate chars(Bound a) {
        return a.hasValue(1) ? stripped(a.text(1)) : CodePoints::isSpace;
    }

    static IntPredicate stripped(Rope characters) {
        String set = characters.text();
        return c -> set.indexOf(c) >= 0;
    }

    static Rope strip(Rope rope, IntPredicate stripped, boolean left, boolean right) {
        String text = rope.text();
        int start = 0;
        int end = text.length();
        while (left && start < end && stripped.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && end > start && stripped.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return rope.sub(start, end);
    }

    private static Rope separator(Bound a) {
        Rope separator = a.text(1);
        if (separator.isEmpty()) {
            throw TemplateException.value("empty separator");
        }
        return separator;
    }

    private static Object split(Bound a) {
        if (a.has(1) && !(a.get(1) instanceof Rope) && a.get(1) != None.NONE) {
            throw TemplateException.type("must be str or None, not " + Types.name(a.get(1)));
        }
        int most = a.count(2, -1);
        return list(a.hasValue(1) ? TextParts.split(a.text(0), separator(a), most) : TextParts.words(a.text(0), most));
    }

    private static Object rightSplit(Bound a) {
        if (a.has(1) && !(a.get(1) instanceof Rope) && a.get(1) != None.NONE) {
            throw TemplateException.type("must be str or None, not " + Types.name(a.get(1)));
        }
        int most = a.count(2, -1);
        return list(
                a.hasValue(1)
                        ? TextParts.rightSplit(a.text(0), separator(a), most)
                        : TextParts.rightWords(a.text(0), most));
    }

    private static Object partition(Bound a, boolean last) {
        Rope self = a.text(0);
        Rope separator = separator(a);
        int at = last ? self.text().lastIndexOf(separator.text()) : self.text().indexOf(separator.text());
        Rope none = Rope.EMPTY.withMarkup(self.isMarkup());
        if (at < 0) {
            return last ? TupleValue.of(none, none, self) : TupleValue.of(self, none, none);
        }
        int end = at + separator.units();
        return TupleValue.of(self.sub(0, at), self.sub(at, end), self.sub(end));
    }

    private static Rope join(Rendering rendering, Rope self, Object iterable) {
        List<Object> items = Iteration.list(rendering, iterable);
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof Rope)) {
                throw TemplateException.type(
                        "sequence item " + i + ": expected str instance, " + Types.name(items.get(i)) + " found");
            }
        }
        return TextParts.join(self, items);
    }

    /** Start and end in units of the searched part; null if the end is before the start. */
    private static int[] limits(Bound a) {
        Rope self = a.text(0);
        int length = self.length();
        int start = a.hasValue(2) ? position(a.integer(2), length) : 0;
        int end = a.hasValue(3) ? Math.min(length, position(a.integer(3), length)) : length;
        return start > end ? null : new int[] {self.unit(start), self.unit(end)};
    }

    private static int position(BigInteger given, int length) {
        int position = Numbers.clamped(given);
        return position < 0 ? Math.max(0, position + length) : position;
    }

    private static int find(Bound a, boolean last) {
        String sought = a.text(1).text();
        int[] limits = limits(a);
        if (limits == null) {
            return -1;
        }
        String text = a.text(0).text().substring(0, limits[1]);
        int at = last ? text.lastIndexOf(sought) : text.indexOf(sought, limits[0]);
        return at < limits[0] ? -1 : a.text(0).codePoint(at);
    }

    private static Object found(int at) {
        if (at < 0) {
            throw TemplateException.value("substring not found");
        }
        return Numbers.integer(at);
    }

    private static Object count(Bound a) {
        String sought = a.text(1).text();
        int[] limits = limits(a);
        if (limits == null) {
            return BigInteger.ZERO;
        }
        String text = a.text(0).text().substring(limits[0], limits[1]);
        if (sought.isEmpty()) {
            return Numbers.integer(text.codePointCount(0, text.length()) + 1L);
        }
        int count = 0;
        for (int at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length())) {
            count++;
        }
        return Numbers.integer(count);
    }

    private static Object affixed(Bound a, boolean end) {
        int[] limits = limits(a);
        List<Object> affixes = a.get(1) instanceof TupleValue tuple ? tuple.items() : List.of(a.get(1));
        for (Object affix : affixes) {
            if (!(affix instanceof Rope rope)) {
                throw TemplateException.type((end ? "endswith" : "startswith")
                        + " first arg must be str or a tuple of str, not " + Types.name(a.get(1)));
            }
            if (limits == null) {
                continue;
            }
            String part = a.text(0).text().substring(limits[0], limits[1]);
            if (end ? part.endsWith(rope.text()) : part.startsWith(rope.text())) {
                return true;
            }
        }
        return false;
    }

    private static int space(Bound a) {
        return Math.max(0, a.count(1, 0) - a.text(0).length());
    }

    private static Rope fill(Bound a) {
        Rope fill = a.text(2, Rope.of(" "));
        if (a.text(0).isMarkup()) {
            fill = Html.escape(fill);
        }
        if (fill.length() != 1) {
            throw TemplateException.type("the fill character must be exactly one character long");
        }
        return fill;
    }

    private static Rope pad(Rope rope, int left, int right, Rope fill) {
        if (left == 0 && right == 0) {
            return rope;
        }
        return new RopeBuilder(rope.units())
                .repeat(fill, left)
                .append(rope)
                .repeat(fill, right)
                .rope()
                .withMarkup(rope.isMarkup());
    }

    static Rope center(Rope rope, int width, Rope fill) {
        int space = Math.max(0, width - rope.length());
        int left = space / 2 + (space & width & 1);
        return pad(rope, left, space - left, fill);
    }

    private static Rope zeroFill(Rope rope, int zeros) {
        boolean signed = !rope.isEmpty() && "+-".indexOf(rope.text().charAt(0)) >= 0;
        int sign = signed ? 1 : 0;
        return new RopeBuilder(rope.units())
                .append(rope, 0, sign)
                .repeat(Rope.of("0"), zeros)
                .append(rope, sign, rope.units())
                .rope()
                .withMarkup(rope.isMarkup());
    }

    private static Rope expandTabs(Rope rope, int size) {
        RopeBuilder expanded = new RopeBuilder(rope.units());
        int column = 0;
        String text = rope.text();
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            if (c == '\t') {
                int spaces = size > 0 ? size - column % size : 0;
                expanded.repeat(' ', rope.isUserText(at), spaces);
                column += spaces;
            } else {
                expanded.append(c, rope.isUserText(at));
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
            at += Character.charCount(c);
        }
        return expanded.rope().withMarkup(rope.isMarkup());
    }

    private static Rope translate(Rope rope, Object table) {
        RopeBuilder translated = new RopeBuilder(rope.units());
        String text = rope.text();
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            Object replacement =
                    table instanceof Undefined undefined ? refuse(undefined) : Access.item(table, Numbers.integer(c));
            switch (replacement) {
                case Rope other -> translated.append(other);
                case None _ -> {}
                case Undefined _ -> translated.append(c, rope.isUserText(at));
                default -> {
                    BigInteger code = Numbers.index(replacement);
                    if (code == null) {
                        throw TemplateException.type("character mapping must return integer, None or str");
                    }
                    // A number may come from a user's text, so the character counts as a user's.
                    translated.append(checkedCodePoint(code), true);
                }
            }
            at += Character.charCount(c);
        }
        return translated.rope().withMarkup(rope.isMarkup());
    }

    private static Object refuse(Undefined undefined) {
        throw undefined.failure();
    }

    private static int checkedCodePoint(BigInteger code) {
        if (code.signum() < 0 || code.compareTo(BigInteger.valueOf(Character.MAX_CODE_POINT)) > 0) {
            throw TemplateException.value("character mapping must be in range(0x110000)");
        }
        return code.intValue();
    }

    private static Object translationTable(Bound a) {
        DictValue table = new DictValue();
        if (!a.has(2)) {
            if (!(a.get(1) instanceof DictValue given)) {
                throw TemplateException.type("if you give only one argument to maketrans it must be a dict");
            }
            for (Object key : given.keys()) {
                boolean character = key instanceof Rope rope && rope.length() == 1;
                if (key instanceof Rope && !character) {
                    throw TemplateException.value("string keys in translate table must be of length 1");
                }
                table.put(character ? Numbers.integer(((Rope) key).text().codePointAt(0)) : key, given.get(key));
            }
            return table;
        }
        int[] from = a.text(1).text().codePoints().toArray();
        int[] to = a.text(2).text().codePoints().toArray();
        if (from.length != to.length) {
            throw TemplateException.value("the first two maketrans arguments must have equal length");
        }
        for (int i = 0; i < from.length; i++) {
            table.put(Numbers.integer(from[i]), Numbers.integer(to[i]));
        }
        if (a.has(3)) {
            a.text(3).text().codePoints().forEach(c -> table.put(Numbers.integer(c), None.NONE));
        }
        return table;
    }

    private static Object encode(Bound a) {
        String name =
                a.text(1, Rope.of("utf-8")).text().toLowerCase(Locale.ROOT).replace('_', '-');
        Charset charset =
                switch (name) {
                    case "utf-8", "utf8" -> StandardCharsets.UTF_8;
                    case "ascii", "us-ascii" -> StandardCharsets.US_ASCII;
                    case "latin-1", "iso-8859-1", "latin1" -> StandardCharsets.ISO_8859_1;
                    case "utf-16-le" -> StandardCharsets.UTF_16LE;
                    case "utf-16-be" -> StandardCharsets.UTF_16BE;
                    default -> throw TemplateException.lookup("unknown encoding");
                };
        Rope self = a.text(0);
        boolean strict = a.text(2, Rope.of("strict")).text().equals("strict");
        if (strict && !charset.newEncoder().canEncode(self.text())) {
            throw TemplateException.value("the codec can't encode the text");
        }
        return new BytesValue(self.text().getBytes(charset), self.hasUserText());
    }

    private static Map<Object, Object> named(Map<Rope, Object> named) {
        return new HashMap<>(named);
    }

    private static Map<Object, Object> mapping(Object value) {
        if (!(value instanceof DictValue dict)) {
            throw TemplateException.type("format_map() argument must be a mapping, not " + Types.name(value));
        }
        Map<Object, Object> mapping = new HashMap<>();
        List<Object> keys = new ArrayList<>(dict.keys());
        keys.forEach(key -> mapping.put(key, dict.get(key)));
        return mapping;
    }
}
