package org.llavacluster.cli.bench;

import com.google.protobuf.ByteString;
import java.util.Random;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.RawPrompt;

/**
 * Prompts of a given length, a different one for each number. A model with random weights does not depend on their
 * meaning.
 */
public final class MadeUpPrompts {

    /** Side of an image that is exactly one tile of LLaVA 1.5. */
    private static final int SIDE = 336;

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz  ";

    private final Tokenizer tokenizer;

    public MadeUpPrompts(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * An image, then a text.
     *
     * @param textTokens tokens of the text, in addition to the image's
     */
    public RawPrompt withImage(long picture, long text, int textTokens) {
        return RawPrompt.newBuilder()
                .setText("<image>" + text(text, textTokens))
                .addImages(
                        Image.newBuilder().setData(ByteString.copyFrom(MadeUpImages.file(picture, SIDE, SIDE, "png"))))
                .build();
    }

    /** A text only. */
    public RawPrompt textAlone(long number, int tokens) {
        return RawPrompt.newBuilder().setText(text(number, tokens)).build();
    }

    /** Letters that make that many tokens, without those that the tokenizer adds around a text. */
    private String text(long number, int tokens) {
        Random random = new Random(number);
        StringBuilder text = new StringBuilder();
        while (tokenizer.encodePlain(text.toString()).length < tokens) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
