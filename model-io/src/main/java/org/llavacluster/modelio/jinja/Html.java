package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTML escaping, and strings that need none, as in the markupsafe library. */
final class Html {

    private static final Pattern REFERENCE =
            Pattern.compile("&(#\\d{1,8}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?");
    private static final Map<String, String> ENTITIES = Map.ofEntries(
            Map.entry("amp", "&"),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("quot", "\""),
            Map.entry("apos", "'"),
            Map.entry("nbsp", "\u00a0"),
            Map.entry("copy", "\u00a9"),
            Map.entry("reg", "\u00ae"),
            Map.entry("laquo", "\u00ab"),
            Map.entry("raquo", "\u00bb"),
            Map.entry("hellip", "\u2026"),
            Map.entry("mdash", "\u2014"),
            Map.entry("ndash", "\u2013"),
            Map.entry("lsquo", "\u2018"),
            Map.entry("rsquo", "\u2019"),
            Map.entry("ldquo", "\u201c"),
            Map.entry("rdquo", "\u201d"),
            Map.entry("bull", "\u2022"),
            Map.entry("middot", "\u00b7"),
            Map.entry("deg", "\u00b0"),
            Map.entry("euro", "\u20ac"),
            Map.entry("pound", "\u00a3"),
            Map.entry("yen", "\u00a5"),
            Map.entry("cent", "\u00a2"),
            Map.entry("sect", "\u00a7"),
            Map.entry("times", "\u00d7"),
            Map.entry("divide", "\u00f7"),
            Map.entry("eacute", "\u00e9"),
            Map.entry("egrave", "\u00e8"),
            Map.entry("auml", "\u00e4"),
            Map.entry("ouml", "\u00f6"),
            Map.entry("uuml", "\u00fc"),
            Map.entry("Auml", "\u00c4"),
            Map.entry("Ouml", "\u00d6"),
            Map.entry("Uuml", "\u00dc"),
            Map.entry("szlig", "\u00df"));

    private Html() {}

    /** The value as markup, escaped unless it is markup already. */
    static Rope escape(Object value) {
        Rope rope = Printing.soft(value);
        if (rope.isMarkup()) {
            return rope;
        }
        String text = rope.text();
        RopeBuilder escaped = new RopeBuilder(text.length());
        int done = 0;
        for (int at = 0; at < text.length(); at++) {
            String replacement =
                    switch (text.charAt(at)) {
                        case '&' -> "&amp;";
                        case '<' -> "&lt;";
                        case '>' -> "&gt;";
                        case '\'' -> "&#39;";
                        case '"' -> "&#34;";
                        default -> null;
                    };
            if (replacement != null) {
                escaped.append(rope, done, at).append(replacement, rope.isUserText(at));
                done = at + 1;
            }
        }
        return escaped.append(rope, done, text.length()).rope().withMarkup(true);
    }

    static Rope join(Rendering rendering, Rope separator, Object iterable) {
        List<Object> escaped = new ArrayList<>();
        Iteration.of(rendering, iterable).forEachRemaining(item -> escaped.add(escape(item)));
        return TextParts.join(escape(separator), escaped).withMarkup(true);
    }

    /** The text without comments and tags, with references resolved and white space collapsed. */
    static Rope withoutTags(Rope rope) {
        Rope text = without(without(rope, "<!--", "-->"), "<", ">");
        return unescape(TextParts.join(Rope.of(" "), List.copyOf(TextParts.words(text, -1))));
    }

    private static Rope without(Rope rope, String open, String close) {
        String text = rope.text();
        RopeBuilder kept = new RopeBuilder(text.length());
        int done = 0;
        for (int start = text.indexOf(open); start >= 0; start = text.indexOf(open, done)) {
            int end = text.indexOf(close, start);
            if (end < 0) {
                break;
            }
            kept.append(rope, done, start);
            done = end + close.length();
        }
        return kept.append(rope, done, text.length()).rope();
    }

    static Rope unescape(Rope rope) {
        String text = rope.text();
        RopeBuilder resolved = new RopeBuilder(text.length());
        int done = 0;
        for (Matcher matcher = REFERENCE.matcher(text); matcher.find(); ) {
            String name = matcher.group(1);
            String character = name.startsWith("#") ? numbered(name) : ENTITIES.get(name);
            if (character != null && (name.startsWith("#") || matcher.group().endsWith(";") || name.length() < 5)) {
                // What a user escaped must not become a token of the template either.
                resolved.append(rope, done, matcher.start())
                        .append(character, rope.hasUserText(matcher.start(), matcher.end()));
                done = matcher.end();
            }
        }
        return resolved.append(rope, done, text.length()).rope();
    }

    private static String numbered(String name) {
        boolean hex = name.charAt(1) == 'x' || name.charAt(1) == 'X';
        int code = hex ? Integer.parseInt(name.substring(2), 16) : Integer.parseInt(name.substring(1));
        boolean character = code > 0 && Character.isValidCodePoint(code) && (code < 0xd800 || code > 0xdfff);
        return Character.toString(character ? code : 0xfffd);
    }
}
