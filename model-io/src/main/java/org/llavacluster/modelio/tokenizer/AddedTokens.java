package org.llavacluster.modelio.tokenizer;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens that are searched in a text before it is split into words. The leftmost match wins, and of several at the same
 * place the longest. Immutable.
 */
final class AddedTokens {

    private static final Pattern WORD = Pattern.compile("\\w", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACES = Pattern.compile("\\s*", Pattern.UNICODE_CHARACTER_CLASS);

    /**
     * @param stripLeft includes white space before it; likewise {@code stripRight}
     * @param normalized whether the normalised token is searched in the normalised text
     */
    record Added(
            int id,
            String content,
            boolean special,
            boolean singleWord,
            boolean stripLeft,
            boolean stripRight,
            boolean normalized) {}

    /** Receives the parts of a text in order. */
    interface Parts {
        /**
         * @param start position of the part in the split text
         */
        void text(String text, int start, boolean first);

        void token(int id);
    }

    private final Node root = new Node();
    private final BitSet starts = new BitSet();

    /** Selects the tokens to split at; other matches stay text. */
    interface Wanted {
        boolean test(int id, int start, int end);
    }

    private record Match(Added token, int end) {}

    private static final class Node {
        private final Map<Character, Node> next = new HashMap<>();
        private Added token;
    }

    /**
     * @param sought the searched form of each token; of equal forms the first counts
     */
    AddedTokens(List<Added> tokens, List<String> sought) {
        for (int i = 0; i < tokens.size(); i++) {
            String text = sought.get(i);
            if (text.isEmpty()) {
                continue;
            }
            starts.set(text.charAt(0));
            Node node = root;
            for (int at = 0; at < text.length(); at++) {
                node = node.next.computeIfAbsent(text.charAt(at), _ -> new Node());
            }
            if (node.token == null) {
                node.token = tokens.get(i);
            }
        }
    }

    /**
     * @param first whether the text starts the input
     */
    void split(String text, boolean first, Wanted wanted, Parts parts) {
        int done = 0;
        for (int at = 0; at < text.length(); ) {
            Match match = starts.get(text.charAt(at)) ? longestAt(text, at, wanted) : null;
            if (match == null) {
                at++;
                continue;
            }
            Added token = match.token();
            int start = at;
            int end = match.end();
            at = end;
            if (token.singleWord() && !standsAlone(text, start, end)) {
                continue;
            }
            if (token.stripLeft()) {
                start = Math.max(done, spacesBefore(text, start));
            }
            if (token.stripRight()) {
                end = spacesAfter(text, end);
            }
            if (done < start) {
                parts.text(text.substring(done, start), done, first && done == 0);
            }
            parts.token(token.id());
            done = end;
        }
        if (done < text.length()) {
            parts.text(text.substring(done), done, first && done == 0);
        }
    }

    /** The longest wanted token at a position, or null. */
    private Match longestAt(String text, int start, Wanted wanted) {
        Node node = root;
        Match longest = null;
        for (int at = start; at < text.length(); at++) {
            node = node.next.get(text.charAt(at));
            if (node == null) {
                break;
            }
            if (node.token != null && wanted.test(node.token.id(), start, at + 1)) {
                longest = new Match(node.token, at + 1);
            }
        }
        return longest;
    }

    private static boolean standsAlone(String text, int start, int end) {
        return (start == 0 || !isWord(text.codePointBefore(start)))
                && (end == text.length() || !isWord(text.codePointAt(end)));
    }

    private static boolean isWord(int c) {
        return WORD.matcher(Character.toString(c)).matches();
    }

    private static int spacesBefore(String text, int end) {
        int start = end;
        while (start > 0 && SPACES.matcher(text.substring(start - 1, start)).matches()) {
            start--;
        }
        return start;
    }

    private static int spacesAfter(String text, int start) {
        Matcher matcher = SPACES.matcher(text).region(start, text.length());
        return matcher.lookingAt() ? matcher.end() : start;
    }
}
