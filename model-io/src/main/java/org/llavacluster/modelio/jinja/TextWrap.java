package org.llavacluster.modelio.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Breaks a paragraph into lines as Python's {@code textwrap} does. */
final class TextWrap {

    private static final String WHITE = "[\\t\\n\\x0b\\x0c\\r ]";
    private static final String INK = "[^\\t\\n\\x0b\\x0c\\r ]";
    private static final String PUNCTUATED = "[\\w!\"'&.,?]";
    private static final String LETTER = "[^\\d\\W]";
    private static final Pattern CHUNKS = Pattern.compile(
            WHITE + "+"
                    + "|(?<=" + PUNCTUATED + ")-{2,}(?=\\w)"
                    + "|" + INK + "+?(?:"
                    + "-(?:(?<=" + LETTER + "{2}-)|(?<=" + LETTER + "-" + LETTER + "-))(?=" + LETTER + "-?" + LETTER
                    + ")"
                    + "|(?=" + WHITE + "|\\z)"
                    + "|(?<=" + PUNCTUATED + ")(?=-{2,}\\w))",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern WORDS = Pattern.compile(WHITE + "+|" + INK + "+");

    private final int width;
    private final boolean breaksWords;
    private final boolean breaksAtHyphens;

    TextWrap(int width, boolean breaksWords, boolean breaksAtHyphens) {
        this.width = width;
        this.breaksWords = breaksWords;
        this.breaksAtHyphens = breaksAtHyphens;
    }

    List<Rope> wrapped(Rope paragraph) {
        if (width <= 0) {
            throw TemplateException.value("wordwrap: the width must be above 0");
        }
        Deque<Rope> chunks = chunks(paragraph);
        List<Rope> lines = new ArrayList<>();
        while (!chunks.isEmpty()) {
            if (!lines.isEmpty() && isBlank(chunks.peek())) {
                chunks.pop();
                if (chunks.isEmpty()) {
                    break;
                }
            }
            List<Rope> line = line(chunks);
            if (!line.isEmpty() && isBlank(line.getLast())) {
                line.removeLast();
            }
            if (!line.isEmpty()) {
                lines.add(TextParts.join(Rope.EMPTY, List.copyOf(line)));
            }
        }
        return lines;
    }

    private Deque<Rope> chunks(Rope paragraph) {
        Deque<Rope> chunks = new ArrayDeque<>();
        int done = 0;
        for (Matcher matcher = (breaksAtHyphens ? CHUNKS : WORDS).matcher(paragraph.text()); matcher.find(); ) {
            if (matcher.start() > done) {
                chunks.add(paragraph.sub(done, matcher.start()));
            }
            if (matcher.end() > matcher.start()) {
                chunks.add(paragraph.sub(matcher.start(), matcher.end()));
            }
            done = matcher.end();
        }
        if (done < paragraph.units()) {
            chunks.add(paragraph.sub(done));
        }
        return chunks;
    }

    private static boolean isBlank(Rope chunk) {
        return chunk.text().codePoints().allMatch(CodePoints::isSpace);
    }

    /** Takes the chunks of the next line. */
    private List<Rope> line(Deque<Rope> chunks) {
        List<Rope> line = new ArrayList<>();
        int length = 0;
        while (!chunks.isEmpty() && length + chunks.peek().length() <= width) {
            length += chunks.peek().length();
            line.add(chunks.pop());
        }
        if (!chunks.isEmpty() && chunks.peek().length() > width) {
            Rope word = chunks.pop();
            int end = breaksWords ? cut(word, width - length) : line.isEmpty() ? word.length() : 0;
            if (end > 0) {
                line.add(word.sub(0, word.unit(end)));
            }
            if (end < word.length()) {
                chunks.push(word.sub(word.unit(end)));
            }
        }
        return line;
    }

    private int cut(Rope word, int space) {
        int room = Math.max(1, space);
        if (space <= 0 || !breaksAtHyphens) {
            return space <= 0 ? 0 : room;
        }
        String text = word.text().substring(0, word.unit(space));
        int hyphen = text.lastIndexOf('-');
        boolean inked = hyphen > 0 && text.substring(0, hyphen).chars().anyMatch(c -> c != '-');
        return inked ? word.codePoint(hyphen) + 1 : space;
    }
}
