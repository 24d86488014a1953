package org.llavacluster.training.scenes;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * What a camera does to a scene: a crop that cuts no thing, another size, more or less light, and JPEG's losses.
 *
 * @param left pixels that are cut
 * @param top pixels that are cut
 * @param kept side of the square that stays
 * @param side of the photograph
 * @param light factor of all values
 * @param quality of JPEG, up to 1
 */
record PhotographDistortion(int left, int top, int kept, int side, float light, float quality) {

    /** Part of a side that is cut at most. */
    private static final double LARGEST_CUT = 0.12;

    static PhotographDistortion draw(RandomGenerator random, Scene scene) {
        int most = (int) (scene.width() * LARGEST_CUT);
        int left = random.nextInt(1 + Math.min(most, least(scene, ThingBox::x)));
        int top = random.nextInt(1 + Math.min(most, least(scene, ThingBox::y)));
        int room = scene.width() - Math.max(left, top);
        if (needed(scene, left, top) > room) {
            // A square that starts as far from the left as from the top reaches everything.
            left = Math.min(left, top);
            top = left;
            room = scene.width() - left;
        }
        int kept = random.nextInt(Math.max(needed(scene, left, top), room - most), room + 1);
        int side = scene.width() * random.nextInt(80, 111) / 100;
        return new PhotographDistortion(
                left, top, kept, side, random.nextInt(80, 109) / 100f, random.nextInt(60, 96) / 100f);
    }

    /** The side of a square from there that cuts no thing. */
    private static int needed(Scene scene, int left, int top) {
        return scene.things().stream()
                .mapToInt(thing ->
                        Math.max(thing.box().right() - left, thing.box().bottom() - top))
                .max()
                .orElseThrow();
    }

    private static int least(Scene scene, ToIntFunction<ThingBox> edge) {
        return scene.things().stream()
                .mapToInt(thing -> edge.applyAsInt(thing.box()))
                .min()
                .orElseThrow();
    }

    /** The scene as the photograph shows it. */
    Scene applyTo(Scene scene) {
        List<SceneThing> things = new ArrayList<>();
        for (SceneThing thing : scene.things()) {
            ThingBox box = thing.box();
            int x = scaled(box.x() - left);
            int y = scaled(box.y() - top);
            ThingBox seen = new ThingBox(
                    x, y, Math.max(1, scaled(box.right() - left) - x), Math.max(1, scaled(box.bottom() - top) - y));
            things.add(new SceneThing(thing.kind(), thing.colour(), seen, thing.mirrored()));
        }
        return new Scene(side, side, scene.backdrop(), Math.clamp(scaled(scene.horizon() - top), 0, side), things);
    }

    private int scaled(int pixels) {
        return (int) Math.round((double) pixels * side / kept);
    }

    /** A JPEG file. */
    byte[] photograph(BufferedImage painted) throws IOException {
        BufferedImage seen = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = seen.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(painted, 0, 0, side, side, left, top, left + kept, top + kept, null);
        graphics.dispose();
        int[] pixels = seen.getRGB(0, 0, side, side, null, 0, side);
        for (int n = 0; n < pixels.length; n++) {
            pixels[n] = lit(pixels[n]);
        }
        seen.setRGB(0, 0, side, side, pixels, 0, side);
        return jpeg(seen);
    }

    private int lit(int rgb) {
        int lit = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            lit |= Math.min(255, Math.round((rgb >> shift & 0xff) * light)) << shift;
        }
        return lit;
    }

    private byte[] jpeg(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // Without this stream ImageIO would write a file first.
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(quality);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
