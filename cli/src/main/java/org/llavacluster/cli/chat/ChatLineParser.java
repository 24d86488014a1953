package org.llavacluster.cli.chat;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Splits a line for completion and accepts any line, because a message may contain anything. */
final class ChatLineParser implements Parser {

    /**
     * @param words as typed, with quotes and backslashes
     * @param wordIndex index of the word with the cursor
     * @param wordCursor position of the cursor within the word
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
