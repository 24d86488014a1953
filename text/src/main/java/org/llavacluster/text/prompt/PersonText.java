package org.llavacluster.text.prompt;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.llavacluster.text.config.ModelFormatException;
import org.llavacluster.text.prompt.ChatMessage.Part;
import org.llavacluster.text.prompt.ChatMessage.Picture;
import org.llavacluster.text.prompt.ChatMessage.Text;

/**
 * Keeps what a person typed from being read as a special token, through a template that may move and join texts as it likes.
 *
 * <p>Each character with which a special token begins or ends is replaced by a stand-in, so a token can neither begin nor end in a
 * person's text, not even one put together from several texts. Once the special tokens have been found, the stand-ins are turned back.
 * They are low surrogates without a high one before them, which no well-formed text holds: nothing that a person types is one, and
 * white space never is, so templates that trim do what they should.
 */
final class PersonText {

    private static final char FIRST_STAND_IN = Character.MIN_LOW_SURROGATE;

    /** The character that each stand-in is for. */
    private final char[] originals;

    PersonText(Collection<String> specialTokens) {
        TreeSet<Character> ends = new TreeSet<>();
        for (String token : specialTokens) {
            ends.add(token.charAt(0));
            ends.add(token.charAt(token.length() - 1));
        }
        if (ends.size() > Character.MAX_LOW_SURROGATE - Character.MIN_LOW_SURROGATE + 1) {
            throw new ModelFormatException("tokenizer.json: added_tokens: begin and end with too many characters");
        }
        originals = new char[ends.size()];
        int at = 0;
        for (char c : ends) {
            originals[at++] = c;
        }
    }

    List<ChatMessage> guarded(List<ChatMessage> messages) {
        List<ChatMessage> guarded = new ArrayList<>();
        for (ChatMessage message : messages) {
            List<Part> parts = new ArrayList<>();
            for (Part part : message.parts()) {
                parts.add(
                        switch (part) {
                            case Text text -> new Text(guarded(text.text()));
                            case Picture picture -> picture;
                        });
            }
            guarded.add(new ChatMessage(message.role(), parts));
        }
        return guarded;
    }

    /** The text with stand-ins, and U+FFFD for what is no character. */
    String guarded(String text) {
        char[] guarded = new char[text.length()];
        for (int i = 0; i < guarded.length; i++) {
            char c = text.charAt(i);
            guarded[i] = Character.isSurrogate(c) && !paired(text, i) ? '\uFFFD' : c;
        }
        for (int i = 0; i < guarded.length; i++) {
            guarded[i] = standIn(guarded[i]);
        }
        return new String(guarded);
    }

    private static boolean paired(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }

    private char standIn(char c) {
        for (int i = 0; i < originals.length; i++) {
            if (originals[i] == c) {
                return (char) (FIRST_STAND_IN + i);
            }
        }
        return c;
    }

    /** The text without stand-ins. */
    String restored(String text) {
        StringBuilder restored = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            int index = c - FIRST_STAND_IN;
            restored.appendCodePoint(index >= 0 && index < originals.length ? originals[index] : c);
        }
        return restored.toString();
    }
}
