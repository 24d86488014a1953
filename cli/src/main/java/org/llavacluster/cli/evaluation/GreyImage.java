package org.llavacluster.cli.evaluation;

import com.google.protobuf.ByteString;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** An image on which nothing is to be seen. */
final class GreyImage {

    private static final int GREY = 128;

    private GreyImage() {}

    /** A PNG of that size. */
    static ByteString of(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(new Color(GREY, GREY, GREY));
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        try (ByteString.Output png = ByteString.newOutput()) {
            ImageIO.write(image, "png", png);
            return png.toByteString();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }
}
