package org.llavacluster.cli.chat;

/**
 * One word of a line as a shell reads it, without backslashes and quotes.
 *
 * @param end index after the word in the text
 * @param openQuote the quote that is not closed by the end of the text, or 0
 */
record ShellWord(String value, int end, char openQuote) {

    static ShellWord at(String text, int start) {
        StringBuilder value = new StringBuilder();
        char quote = 0;
        int i = start;
        while (i < text.length()) {
            char c = text.charAt(i);
            boolean escapes = c == '\\' && quote != '\'' && i + 1 < text.length();
            if (escapes && (quote == 0 || text.charAt(i + 1) == '"' || text.charAt(i + 1) == '\\')) {
                value.append(text.charAt(i + 1));
                i++;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                break;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else {
                value.append(c);
            }
            i++;
        }
        return new ShellWord(value.toString(), i, quote);
    }
}
