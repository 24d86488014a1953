package org.llavacluster.training.scenes;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** Draws things without artwork, in a square of side 1 that is their box. */
final class ThingDrawing {

    private static final Color ROOF = new Color(0x8c3b2e);
    private static final Color DOOR = new Color(0x5a3a22);
    private static final Color PANE = new Color(0xd8ecf7);
    private static final Color TRUNK = new Color(0x7b5230);
    private static final Color LEAVES = new Color(0x2f7d32);
    private static final Color SUN = new Color(0xfadb3c);
    private static final Color RAYS = new Color(0xf2b632);

    private ThingDrawing() {}

    static void draw(Graphics2D target, SceneThing thing) {
        Graphics2D graphics = (Graphics2D) target.create();
        try {
            ThingBox box = thing.box();
            graphics.translate(box.x(), box.y());
            graphics.scale(box.width(), box.height());
            thing.colour().ifPresent(colour -> graphics.setColor(colour.paint()));
            switch (thing.kind().singular()) {
                case "circle" -> graphics.fill(new Ellipse2D.Double(0, 0, 1, 1));
                case "square" -> graphics.fill(new Rectangle2D.Double(0, 0, 1, 1));
                case "triangle" -> graphics.fill(polygon(0.5, 0, 1, 1, 0, 1));
                case "diamond" -> graphics.fill(polygon(0.5, 0, 1, 0.5, 0.5, 1, 0, 0.5));
                case "star" -> graphics.fill(star());
                case "heart" -> graphics.fill(heart());
                case "house" -> house(graphics);
                case "tree" -> tree(graphics);
                case "sun" -> sun(graphics);
                default -> throw new IllegalArgumentException("no drawing of a " + thing.kind());
            }
        } finally {
            graphics.dispose();
        }
    }

    private static Path2D polygon(double... corners) {
        Path2D path = new Path2D.Double();
        path.moveTo(corners[0], corners[1]);
        for (int i = 2; i < corners.length; i += 2) {
            path.lineTo(corners[i], corners[i + 1]);
        }
        path.closePath();
        return path;
    }

    private static Path2D star() {
        double[] corners = new double[20];
        for (int n = 0; n < 10; n++) {
            double radius = n % 2 == 0 ? 0.5 : 0.2;
            corners[2 * n] = 0.5 + radius * StrictMath.sin(n * Math.PI / 5);
            corners[2 * n + 1] = 0.5 - radius * StrictMath.cos(n * Math.PI / 5);
        }
        return polygon(corners);
    }

    private static Path2D heart() {
        Path2D path = new Path2D.Double();
        path.moveTo(0.5, 1);
        path.curveTo(0.1, 0.68, -0.02, 0.5, 0, 0.28);
        path.curveTo(0.02, -0.06, 0.42, -0.1, 0.5, 0.2);
        path.curveTo(0.58, -0.1, 0.98, -0.06, 1, 0.28);
        path.curveTo(1.02, 0.5, 0.9, 0.68, 0.5, 1);
        return path;
    }

    private static void house(Graphics2D graphics) {
        graphics.fill(new Rectangle2D.Double(0.12, 0.42, 0.76, 0.58));
        graphics.setColor(ROOF);
        graphics.fill(polygon(0.5, 0, 1, 0.45, 0, 0.45));
        graphics.setColor(DOOR);
        graphics.fill(new Rectangle2D.Double(0.54, 0.64, 0.2, 0.36));
        graphics.setColor(PANE);
        graphics.fill(new Rectangle2D.Double(0.22, 0.58, 0.2, 0.2));
    }

    private static void tree(Graphics2D graphics) {
        graphics.setColor(TRUNK);
        graphics.fill(new Rectangle2D.Double(0.42, 0.55, 0.16, 0.45));
        graphics.setColor(LEAVES);
        graphics.fill(new Ellipse2D.Double(0.2, 0, 0.6, 0.5));
        graphics.fill(new Ellipse2D.Double(0, 0.22, 0.55, 0.48));
        graphics.fill(new Ellipse2D.Double(0.45, 0.22, 0.55, 0.48));
    }

    private static void sun(Graphics2D graphics) {
        graphics.setColor(RAYS);
        graphics.setStroke(new BasicStroke(0.05f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        for (int n = 0; n < 12; n++) {
            double x = StrictMath.cos(n * Math.PI / 6);
            double y = StrictMath.sin(n * Math.PI / 6);
            Path2D ray = new Path2D.Double();
            ray.moveTo(0.5 + 0.3 * x, 0.5 + 0.3 * y);
            ray.lineTo(0.5 + 0.5 * x, 0.5 + 0.5 * y);
            graphics.draw(ray);
        }
        graphics.setColor(SUN);
        graphics.fill(new Ellipse2D.Double(0.17, 0.17, 0.66, 0.66));
    }
}
