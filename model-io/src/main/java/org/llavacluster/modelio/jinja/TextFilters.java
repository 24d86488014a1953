package org.llavacluster.modelio.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters that return strings. */
final class TextFilters {

    private static final Pattern WORD_STARTS = Pattern.compile("[-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern ATTRIBUTE_ENDS = Pattern.compile("[\\s/>=]");

    private TextFilters() {}

    static Builtin.Table table() {
        return new Builtin.Table("function")
                .add("upper", "s", (_, a) -> CaseMapping.upper(Printing.soft(a.get(0))))
                .add("lower", "s", (_, a) -> CaseMapping.lower(Printing.soft(a.get(0))))
                .add("capitalize", "s", (_, a) -> CaseMapping.capitalized(Printing.soft(a.get(0))))
                .add("title", "s", (_, a) -> title(Printing.soft(a.get(0))))
                .add("string", "object, /", (_, a) -> Printing.soft(a.get(0)))
                .add("trim", "value, chars=", (_, a) -> trim(a))
                .add(
                        "center",
                        "value, width=",
                        (_, a) -> StringMethods.center(Printing.soft(a.get(0)), a.count(1, 80), Rope.of(" ")))
                .add("replace", "s, old, new, count=", (rendering, a) -> replace(rendering, a))
                .add("indent", "s, width=, first=, blank=", (_, a) -> indent(a))
                .add("truncate", "s, length=, killwords=, end=, leeway=", (_, a) -> truncate(a))
                .add("wordwrap", "s, width=, break_long_words=, wrapstring=, break_on_hyphens=", (_, a) -> wordWrap(a))
                .add(
                        "wordcount",
                        "s",
                        (_, a) -> Numbers.integer(
                                wordCount(Printing.soft(a.get(0)).text())))
                .add("format", "value, *, **", (_, a) -> format(a))
                .add(
                        "tojson",
                        "x, ensure_ascii=, indent=, separators=, sort_keys=",
                        (rendering, a) -> JsonText.of(
                                rendering,
                                a.get(0),
                                a.flag(1, false),
                                a.get(2, None.NONE),
                                a.get(3, None.NONE),
                                a.flag(4, false)))
                .add("pprint", "value", (_, a) -> Printing.representation(a.get(0)))
                .add("escape", "s, /", (_, a) -> Html.escape(a.get(0)))
                .alias("e", "escape")
                .add("forceescape", "value", (_, a) -> Html.escape(Printing.text(a.get(0))))
                .add("safe", "value", (_, a) -> Printing.soft(a.get(0)).withMarkup(true))
                .add("striptags", "value", (_, a) -> Html.withoutTags(Printing.text(a.get(0))))
                .add("urlencode", "value", (rendering, a) -> urlEncode(rendering, a.get(0)))
                .add(
                        "urlize",
                        "value, trim_url_limit=, nofollow=, target=, rel=, extra_schemes=",
                        (_, a) -> Links.linked(a).withMarkup(false))
                .add("xmlattr", "d, autospace=", (rendering, a) -> attributes(rendering, a));
    }

    private static Rope trim(Bound a) {
        Rope value = Printing.soft(a.get(0));
        return a.hasValue(1)
                ? StringMethods.strip(value, StringMethods.stripped(a.text(1)), true, true)
                : StringMethods.strip(value, CodePoints::isSpace, true, true);
    }

    private static Rope title(Rope value) {
        String text = value.text();
        RopeBuilder titled = new RopeBuilder(text.length());
        int done = 0;
        for (Matcher starts = WORD_STARTS.matcher(text); starts.find(); ) {
            appendWord(value.sub(done, starts.start()), titled);
            titled.append(value, starts.start(), starts.end());
            done = starts.end();
        }
        appendWord(value.sub(done), titled);
        return titled.rope();
    }

    private static void appendWord(Rope word, RopeBuilder titled) {
        if (!word.isEmpty()) {
            int first = word.unit(1);
            titled.append(CaseMapping.upper(word.sub(0, first))).append(CaseMapping.lower(word.sub(first)));
        }
    }

    private static Rope replace(Rendering rendering, Bound a) {
        int count = a.hasValue(3) ? a.count(3, -1) : -1;
        if (!rendering.autoescape()) {
            return TextParts.replace(Printing.text(a.get(0)), Printing.text(a.get(1)), Printing.text(a.get(2)), count);
        }
        Rope value = Printing.soft(a.get(0));
        Rope old = Printing.soft(a.get(1));
        Rope replacement = Printing.soft(a.get(2));
        if (old.isMarkup() || replacement.isMarkup() && !value.isMarkup()) {
            value = Html.escape(value);
        }
        return TextParts.replace(value, old, value.isMarkup() ? Html.escape(replacement) : replacement, count)
                .withMarkup(value.isMarkup());
    }

    private static Rope indent(Bound a) {
        Object width = a.get(1, Numbers.integer(4));
        if (a.get(0) instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (!(a.get(0) instanceof ListValue) && !(a.get(0) instanceof Rope)) {
            throw a.wrongType(0, "str");
        }
        Rope value = lines(a.get(0));
        Rope indention = width instanceof Rope rope
                ? rope
                : new RopeBuilder()
                        .repeat(' ', false, Math.max(0, a.count(1, 4)))
                        .rope();
        if (value.isMarkup()) {
            indention = Html.escape(indention);
        }
        boolean first = a.flag(2, false);
        boolean blank = a.flag(3, false);
        List<Rope> lines =
                TextParts.lines(new RopeBuilder().append(value).append("\n").rope(), false);
        RopeBuilder indented = new RopeBuilder(value.units());
        for (int i = 0; i < lines.size(); i++) {
            indented.append(i > 0 ? "\n" : "");
            if (i == 0 ? first : blank || !lines.get(i).isEmpty()) {
                indented.append(indention);
            }
            indented.append(lines.get(i));
        }
        return indented.rope().withMarkup(value.isMarkup());
    }

    private static Object truncate(Bound a) {
        int length = a.count(1, 255);
        Rope end = a.text(3, Rope.of("..."));
        int leeway = a.hasValue(4) ? a.count(4, 5) : 5;
        if (length < end.length()) {
            throw TemplateException.value("truncate: expected length >= " + end.length() + ", got " + length);
        }
        if (leeway < 0) {
            throw TemplateException.value("truncate: expected leeway >= 0, got " + leeway);
        }
        int given = Types.length(a.get(0));
        if (given < 0) {
            throw TemplateException.type("object of type '" + Types.name(a.get(0)) + "' has no len()");
        }
        if (given <= (long) length + leeway) {
            return a.get(0);
        }
        if (a.get(0) instanceof SequenceValue sequence && !a.flag(2, false)) {
            throw TemplateException.lookup("'" + Types.name(sequence) + "' object has no attribute 'rsplit'");
        }
        Rope value = a.text(0);
        Rope cut = value.sub(0, value.unit(length - end.length()));
        int blank = a.flag(2, false) ? -1 : cut.text().lastIndexOf(' ');
        Rope kept = blank < 0 ? cut : cut.sub(0, blank);
        return new RopeBuilder(kept.units())
                .append(kept)
                .append(value.isMarkup() ? Html.escape(end) : end)
                .rope()
                .withMarkup(value.isMarkup());
    }

    private static Rope wordWrap(Bound a) {
        Rope text = lines(a.get(0));
        TextWrap wrap = new TextWrap(a.count(1, 79), a.flag(2, true), a.flag(4, true));
        Rope separator = a.hasValue(3) ? a.text(3) : Rope.of("\n");
        List<Object> paragraphs = new ArrayList<>();
        for (Rope line : TextParts.lines(text, false)) {
            paragraphs.add(TextParts.join(separator, List.copyOf(wrap.wrapped(line))));
        }
        return TextParts.join(separator, paragraphs);
    }

    /** The value as a string with lines. */
    private static Rope lines(Object value) {
        Undefined.refuse(value);
        if (!(value instanceof Rope rope)) {
            throw TemplateException.lookup("'" + Types.name(value) + "' object has no attribute 'splitlines'");
        }
        return rope;
    }

    private static int wordCount(String text) {
        int words = 0;
        boolean inWord = false;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            boolean word = CodePoints.isWord(text.codePointAt(at));
            words += word && !inWord ? 1 : 0;
            inWord = word;
        }
        return words;
    }

    private static Object format(Bound a) {
        if (!a.more().isEmpty() && !a.named().isEmpty()) {
            throw TemplateException.runtime("format: can't handle positional and keyword arguments at the same time");
        }
        if (a.named().isEmpty()) {
            return PercentFormat.format(Printing.soft(a.get(0)), new TupleValue(a.more()));
        }
        DictValue named = new DictValue();
        a.named().forEach(named::put);
        return PercentFormat.format(Printing.soft(a.get(0)), named);
    }

    private static Rope urlEncode(Rendering rendering, Object value) {
        if (value instanceof Rope || !Iteration.isIterable(value)) {
            return quoted(value, false);
        }
        RopeBuilder query = new RopeBuilder();
        List<Object> pairs = value instanceof DictValue dict ? dict.items() : Iteration.list(rendering, value);
        for (Object pair : pairs) {
            List<Object> both = Unpacking.items(rendering, pair, 2);
            query.append(query.units() > 0 ? "&" : "")
                    .append(quoted(both.get(0), true))
                    .append("=")
                    .append(quoted(both.get(1), true));
        }
        return query.rope();
    }

    private static Rope quoted(Object value, boolean inQuery) {
        boolean bytes = value instanceof BytesValue;
        Rope rope = bytes ? ((BytesValue) value).decoded() : Printing.text(value);
        String text = rope.text();
        RopeBuilder quoted = new RopeBuilder(text.length());
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            boolean user = rope.isUserText(at);
            boolean safe = c < 0x80 && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0 || c == '/' && !inQuery);
            if (safe || c == ' ' && inQuery) {
                quoted.append(safe ? c : '+', user);
            } else {
                for (byte each : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    quoted.append(String.format(Locale.ROOT, "%%%02X", each & 0xff), user);
                }
            }
            at += Character.charCount(c);
        }
        return quoted.rope();
    }

    private static Rope attributes(Rendering rendering, Bound a) {
        Undefined.refuse(a.get(0));
        if (!(a.get(0) instanceof DictValue dict)) {
            throw TemplateException.lookup("'" + Types.name(a.get(0)) + "' object has no attribute 'items'");
        }
        RopeBuilder attributes = new RopeBuilder();
        for (Object key : dict.keys()) {
            Object value = dict.get(key);
            if (value == None.NONE || value instanceof Undefined) {
                continue;
            }
            if (!(key instanceof Rope name)) {
                throw TemplateException.type("expected string or bytes-like object, got '" + Types.name(key) + "'");
            }
            if (ATTRIBUTE_ENDS.matcher(name.text()).find()) {
                throw TemplateException.value("invalid character in attribute name");
            }
            attributes
                    .append(attributes.units() > 0 || a.flag(1, true) ? " " : "")
                    .append(Html.escape(name))
                    .append("=\"")
                    .append(Html.escape(value))
                    .append("\"");
        }
        return attributes.rope().withMarkup(rendering.autoescape());
    }
}
