package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Splitting and joining of strings. */
final class TextParts {

    private TextParts() {}

    /**
     * @param most largest number of splits; negative for no limit
     */
    static List<Rope> split(Rope rope, Rope separator, int most) {
        List<Rope> parts = new ArrayList<>();
        String text = rope.text();
        int start = 0;
        for (int at = text.indexOf(separator.text()); at >= 0 && (most < 0 || parts.size() < most); ) {
            parts.add(rope.sub(start, at));
            start = at + separator.units();
            at = text.indexOf(separator.text(), start);
        }
        parts.add(rope.sub(start));
        return parts;
    }

    static List<Rope> rightSplit(Rope rope, Rope separator, int most) {
        List<Rope> parts = new ArrayList<>();
        String text = rope.text();
        int end = text.length();
        while (most < 0 || parts.size() < most) {
            int at = end < separator.units() ? -1 : text.lastIndexOf(separator.text(), end - separator.units());
            if (at < 0) {
                break;
            }
            parts.add(rope.sub(at + separator.units(), end));
            end = at;
        }
        parts.add(rope.sub(0, end));
        Collections.reverse(parts);
        return parts;
    }

    /** Splits at white space. After the last split the rest keeps its inner and trailing white space. */
    static List<Rope> words(Rope rope, int most) {
        List<Rope> words = new ArrayList<>();
        String text = rope.text();
        int at = 0;
        while (true) {
            while (at < text.length() && CodePoints.isSpace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return words;
            }
            if (most >= 0 && words.size() == most) {
                words.add(rope.sub(at));
                return words;
            }
            int start = at;
            while (at < text.length() && !CodePoints.isSpace(text.charAt(at))) {
                at++;
            }
            words.add(rope.sub(start, at));
        }
    }

    static List<Rope> rightWords(Rope rope, int most) {
        List<Rope> words = new ArrayList<>();
        String text = rope.text();
        int at = text.length();
        while (true) {
            while (at > 0 && CodePoints.isSpace(text.charAt(at - 1))) {
                at--;
            }
            if (at == 0) {
                break;
            }
            if (most >= 0 && words.size() == most) {
                words.add(rope.sub(0, at));
                break;
            }
            int end = at;
            while (at > 0 && !CodePoints.isSpace(text.charAt(at - 1))) {
                at--;
            }
            words.add(rope.sub(at, end));
        }
        Collections.reverse(words);
        return words;
    }

    static List<Rope> lines(Rope rope, boolean keepEnds) {
        List<Rope> lines = new ArrayList<>();
        String text = rope.text();
        int start = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (CodePoints.isLineEnd(c)) {
                int end = at;
                if (c == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
                    at++;
                }
                lines.add(rope.sub(start, keepEnds ? at + 1 : end));
                start = at + 1;
            }
        }
        if (start < text.length()) {
            lines.add(rope.sub(start));
        }
        return lines;
    }

    /**
     * @param most largest number of replacements; negative for no limit
     */
    static Rope replace(Rope rope, Rope old, Rope replacement, int most) {
        String text = rope.text();
        RopeBuilder replaced = new RopeBuilder(text.length());
        int done = 0;
        int count = 0;
        for (int at = 0; most < 0 || count < most; ) {
            at = text.indexOf(old.text(), at);
            if (at < 0) {
                break;
            }
            count++;
            replaced.append(rope, done, at).append(replacement);
            done = at + old.units();
            if (old.isEmpty()) {
                if (at == text.length()) {
                    break;
                }
                at += Character.charCount(text.codePointAt(at));
            } else {
                at = done;
            }
        }
        return count == 0
                ? rope.withMarkup(false)
                : replaced.append(rope, done, rope.units()).rope();
    }

    /** @param parts strings */
    static Rope join(Rope separator, List<Object> parts) {
        RopeBuilder joined = new RopeBuilder();
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                joined.append(separator);
            }
            joined.append((Rope) parts.get(i));
        }
        return joined.rope();
    }
}
