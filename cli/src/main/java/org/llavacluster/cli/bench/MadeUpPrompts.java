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

/** Prompts of a wanted length, each number another. A model with random weights reads nothing into them anyway. */
public final class MadeUpPrompts {

    /** A picture that is one tile of LLaVA-1.5 as it is. */
    private static final int SIDE = 336;

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz  ";

    private final Tokenizer tokenizer;

    public MadeUpPrompts(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * A picture, then a text.
     *
     * @param textTokens of the text; the picture's come on top
     */
    public RawPrompt withPicture(long picture, long text, int textTokens) {
        return RawPrompt.newBuilder()
                .setText("<image>" + text(text, textTokens))
                .addImages(Image.newBuilder().setData(ByteString.copyFrom(png(picture))))
                .build();
    }

    /** A text alone. */
    public RawPrompt textAlone(long number, int tokens) {
        return RawPrompt.newBuilder().setText(text(number, tokens)).build();
    }

    /** Letters until they are that many tokens, what the tokenizer puts around a text left out. */
    private String text(long number, int tokens) {
        Random random = new Random(number);
        StringBuilder text = new StringBuilder();
        while (tokenizer.encodePlain(text.toString()).length < tokens) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    /** Squares of random colours: as small as a photograph, and no two alike. */
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
