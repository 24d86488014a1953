package org.llavacluster.cli.bench;

import com.google.protobuf.ByteString;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.RawPrompt;
import org.llavacluster.text.tokenizer.Tokenizer;

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
    public RawPrompt withPicture(long picture, long text, int textTokens) {
        return RawPrompt.newBuilder()
                .setText("<image>" + text(text, textTokens))
                .addImages(Image.newBuilder().setData(ByteString.copyFrom(png(picture))))
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

    /** Squares of random colours: about the size of a photograph's file, and all different. */
    private static byte[] png(long number) {
        Random random = new Random(number);
        int square = 14;
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIDE; y += square) {
            for (int x = 0; x < SIDE; x += square) {
                int colour = random.nextInt(1 << 24);
                for (int i = 0; i < square * square; i++) {
                    image.setRGB(x + i % square, y + i / square, colour);
                }
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }
}
