package org.llavacluster.cli.chat;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Splits a line where completion needs it and finds nothing wrong with any: a message may hold what it likes. */
final class ChatLineParser implements Parser {

    /**
     * @param words as typed, quotes and backslashes included
     * @param wordIndex of the one with the cursor
     * @param wordCursor of the cursor within it
     */
    private record Words(List<String> words, int wordIndex, int wordCursor, String line, int cursor)
            implements ParsedLine {

        @Override
        public String word() {
            return words.get(wordIndex);
        }
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < cursor && Character.isWhitespace(line.charAt(at))) {
                at++;
            }
            int end = ShellWord.at(line.substring(0, cursor), at).end();
            words.add(line.substring(at, end));
            if (end >= cursor) {
                return new Words(List.copyOf(words), words.size() - 1, cursor - at, line, cursor);
            }
            at = end;
        }
    }

    @Override
    public boolean isEscapeChar(char c) {
        return false;
    }
}
