package org.llavacluster.training.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.llavacluster.modelio.tokenizer.Tokenizer;

/**
 * Which bytes of a text each of its tokens covers. A token that stands for a space which the tokenizer adds covers none
 * there.
 */
final class TokenPlaces {

    private final int[] starts;
    private final int[] ends;

    private TokenPlaces(int[] starts, int[] ends) {
        this.starts = starts;
        this.ends = ends;
    }

    /**
     * The places of the tokens of a text, without those that the tokenizer adds around every text.
     *
     * @throws UnusableRecordException if the tokens do not spell the text, because the tokenizer changes it
     */
    static TokenPlaces of(Tokenizer tokenizer, String text) {
        int before = tokenizer.prefix().length;
        int[] all = tokenizer.encode(text);
        int[] ids = Arrays.copyOfRange(all, before, all.length - tokenizer.suffix().length);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TokenPlaces places = new TokenPlaces(new int[ids.length], new int[ids.length]);
        boolean addsSpace = addsSpace(tokenizer);
        int at = 0;
        for (int n = 0; n < ids.length; n++) {
            byte[] token = tokenizer.bytesOf(ids[n]);
            boolean space = token.length > 0 && token[0] == ' ';
            boolean added = space && (n == 0 && addsSpace || !startsAt(bytes, at, token, 0));
            if (!startsAt(bytes, at, token, added ? 1 : 0)) {
                throw new UnusableRecordException("the tokenizer changes its text, and template v0 needs places");
            }
            places.starts[n] = at;
            at += token.length - (added ? 1 : 0);
            places.ends[n] = at;
        }
        return places;
    }

    /** Whether the first token of every text holds a space that the text does not. */
    private static boolean addsSpace(Tokenizer tokenizer) {
        int[] ids = tokenizer.encode("a");
        int first = tokenizer.prefix().length;
        return ids.length > first && tokenizer.bytesOf(ids[first])[0] == ' ';
    }

    private static boolean startsAt(byte[] text, int at, byte[] token, int skipped) {
        int length = token.length - skipped;
        return at + length <= text.length && Arrays.equals(text, at, at + length, token, skipped, token.length);
    }

    int count() {
        return starts.length;
    }

    /** Whether a token covers any of the bytes {@code [from, to)}. */
    boolean overlaps(int token, int from, int to) {
        return starts[token] < to && ends[token] > from;
    }
}
