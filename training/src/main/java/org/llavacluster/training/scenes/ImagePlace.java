package org.llavacluster.training.scenes;

import java.util.Locale;

/** The nine places of an image, by thirds of its sides. */
public enum ImagePlace {
    TOP_LEFT,
    TOP,
    TOP_RIGHT,
    LEFT,
    CENTRE,
    RIGHT,
    BOTTOM_LEFT,
    BOTTOM,
    BOTTOM_RIGHT;

    /** Part of a side around the border of two thirds in which a centre belongs to neither clearly. */
    private static final double UNCLEAR = 0.03;

    /** The place of a box's centre. */
    public static ImagePlace of(ThingBox box, int width, int height) {
        return values()[3 * third(box.centreY() / height) + third(box.centreX() / width)];
    }

    /** Whether a box's centre is far enough from the borders between places for one answer to be right. */
    public static boolean isClear(ThingBox box, int width, int height) {
        return isClear(box.centreX() / width) && isClear(box.centreY() / height);
    }

    /** As in "top left". */
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** As in "at the top left". */
    public String phrase() {
        return switch (this) {
            case LEFT, RIGHT -> "on the " + words();
            case CENTRE -> "in the centre";
            default -> "at the " + words();
        };
    }

    private static int third(double part) {
        return Math.clamp((int) Math.floor(3 * part), 0, 2);
    }

    private static boolean isClear(double part) {
        return Math.abs(part - 1 / 3.0) >= UNCLEAR && Math.abs(part - 2 / 3.0) >= UNCLEAR;
    }
}
