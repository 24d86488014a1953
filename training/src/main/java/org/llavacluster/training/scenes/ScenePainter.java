package org.llavacluster.training.scenes;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** Paints scenes. Equal scenes give equal pixels. */
final class ScenePainter {

    private final ThingCatalogue catalogue;

    ScenePainter(ThingCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** RGB without alpha. */
    BufferedImage paint(Scene scene) {
        BufferedImage image = new BufferedImage(scene.width(), scene.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            backdrop(graphics, scene);
            scene.things().forEach(thing -> thing(graphics, thing));
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private static void backdrop(Graphics2D graphics, Scene scene) {
        graphics.setColor(new Color(scene.backdrop().top()));
        graphics.fillRect(0, 0, scene.width(), scene.horizon());
        graphics.setColor(new Color(scene.backdrop().bottom()));
        graphics.fillRect(0, scene.horizon(), scene.width(), scene.height() - scene.horizon());
    }

    private void thing(Graphics2D graphics, SceneThing thing) {
        ThingBox box = thing.box();
        if (thing.kind().artwork().isEmpty()) {
            ThingDrawing.draw(graphics, thing);
            return;
        }
        BufferedImage artwork = shrunk(catalogue.image(thing.kind().artwork().get()), box);
        int left = thing.mirrored() ? box.right() : box.x();
        int right = thing.mirrored() ? box.x() : box.right();
        graphics.drawImage(
                artwork, left, box.y(), right, box.bottom(), 0, 0, artwork.getWidth(), artwork.getHeight(), null);
    }

    /** Halved until bilinear interpolation leaves out no pixel. */
    private static BufferedImage shrunk(BufferedImage artwork, ThingBox box) {
        BufferedImage image = artwork;
        while (image.getWidth() > 2 * box.width() && image.getHeight() > 2 * box.height()) {
            int width = Math.ceilDiv(image.getWidth(), 2);
            int height = Math.ceilDiv(image.getHeight(), 2);
            BufferedImage half = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
            Graphics2D graphics = half.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(image, 0, 0, width, height, null);
            graphics.dispose();
            image = half;
        }
        return image;
    }
}
