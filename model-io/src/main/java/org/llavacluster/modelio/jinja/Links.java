package org.llavacluster.modelio.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filter {@code urlize}: addresses in a text become HTML links. */
final class Links {

    private static final Pattern SPACES = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern LEADING = Pattern.compile("^([(<]|&lt;)+");
    private static final Pattern TRAILING = Pattern.compile("([)>.,\\n]|&gt;)+$");
    private static final Pattern WEB = Pattern.compile(
            "(https?://|www\\.)(([\\w%-]+\\.)+)?([a-z]{2,63}|xn--[\\w%]{2,59})([:]\\d{1,5})?(?:[/?#]\\S*)?"
                    + "|(https?://)((([\\w%-]+\\.)+([a-z]{2,63}|xn--[\\w%]{2,59}))|(\\d{1,3}(\\.\\d{1,3}){3})"
                    + "|(\\[([\\da-f]{0,4}:){2}([\\da-f]{0,4}:?){1,6}\\])|([\\w%-]{2,63}))([:]\\d{1,5})?(?:[/?#]\\S*)?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern MAIL = Pattern.compile("\\S+@\\w[\\w.-]*\\.\\w+");

    private Links() {}

    static Rope linked(Bound a) {
        int limit = a.hasValue(1) ? a.count(1, Integer.MAX_VALUE) : Integer.MAX_VALUE;
        Set<String> relations = new TreeSet<>(Set.of("noopener"));
        if (a.hasValue(4)) {
            relations.addAll(List.of(SPACES.split(a.text(4).text().strip())));
        }
        if (a.flag(2, false)) {
            relations.add("nofollow");
        }
        relations.remove("");
        String attributes = " rel=\"" + String.join(" ", relations) + "\""
                + (a.hasValue(3) ? " target=\"" + Html.escape(a.text(3)).text() + "\"" : "");
        Rope text = Html.escape(a.get(0)).withMarkup(false);
        RopeBuilder out = new RopeBuilder(text.units());
        int done = 0;
        for (Matcher spaces = SPACES.matcher(text.text()); spaces.find(); ) {
            appendWord(text.sub(done, spaces.start()), limit, attributes, out);
            out.append(text, spaces.start(), spaces.end());
            done = spaces.end();
        }
        appendWord(text.sub(done), limit, attributes, out);
        return out.rope();
    }

    private static void appendWord(Rope word, int limit, String attributes, RopeBuilder out) {
        Matcher leading = LEADING.matcher(word.text());
        int start = leading.find() ? leading.end() : 0;
        Matcher trailing = TRAILING.matcher(word.text()).region(start, word.units());
        int end = trailing.find() ? trailing.start() : word.units();
        Rope middle = word.sub(start, end);
        out.append(word, 0, start);
        String target = target(middle.text());
        if (target == null) {
            out.append(middle);
        } else {
            Rope shown = middle.length() > limit
                    ? new RopeBuilder()
                            .append(middle, 0, middle.unit(limit))
                            .append("...")
                            .rope()
                    : middle;
            boolean mail = target.equals("mailto:");
            Rope label = mail && shown.text().startsWith("mailto:") ? shown.sub(7) : shown;
            out.append("<a href=\"")
                    .append(mail && middle.text().startsWith("mailto:") ? "" : target)
                    .append(middle)
                    .append("\"")
                    .append(mail ? "" : attributes)
                    .append(">")
                    .append(label)
                    .append("</a>");
        }
        out.append(word, end, word.units());
    }

    /** The prefix of the word in the link, or null if it is not an address. */
    private static String target(String word) {
        if (WEB.matcher(word).matches()) {
            String lower = word.toLowerCase(Locale.ROOT);
            return lower.startsWith("https://") || lower.startsWith("http://") ? "" : "https://";
        }
        String mail = word.startsWith("mailto:") ? word.substring(7) : word;
        boolean address = MAIL.matcher(mail).matches() && !mail.startsWith("www.") && mail.indexOf(':') < 0;
        return address ? "mailto:" : null;
    }
}
