package org.llavacluster.cli.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Images of squares in random colours: files as small as a photograph's, each number another. */
public final class MadeUpImages {

    private static final int SQUARE = 14;

    private MadeUpImages() {}

    /**
     * The file of one image.
     *
     * @param format as {@link ImageIO} names it: {@code png}, {@code jpg}, {@code gif}, {@code bmp}
     */
    public static byte[] file(long number, int width, int height, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // Without this stream ImageIO would write a file first.
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(squares(number, width, height), format, stream)) {
                throw new IllegalArgumentException("no image format: " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private static BufferedImage squares(long number, int width, int height) {
        Random random = new Random(number);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int top = 0; top < height; top += SQUARE) {
            for (int left = 0; left < width; left += SQUARE) {
                int colour = random.nextInt(1 << 24);
                for (int y = top; y < Math.min(top + SQUARE, height); y++) {
                    for (int x = left; x < Math.min(left + SQUARE, width); x++) {
                        image.setRGB(x, y, colour);
                    }
                }
            }
        }
        return image;
    }
}
