package org.llavacluster.training.scenes;

import java.awt.Color;
import java.util.Locale;

/** Colours of drawn things, far enough apart to be told from each other on a photograph. */
public enum SceneColour {
    RED(0xd62728),
    ORANGE(0xff8c1a),
    YELLOW(0xf7dc3c),
    GREEN(0x2e9e3f),
    BLUE(0x2456c8),
    PURPLE(0x8a3fc0),
    PINK(0xf59ac8),
    BROWN(0x7a4a21),
    BLACK(0x1c1c1c),
    WHITE(0xfafafa);

    private final int rgb;

    SceneColour(int rgb) {
        this.rgb = rgb;
    }

    /** The word for it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Color paint() {
        return new Color(rgb);
    }

    /** Whether it stands out from another colour: the sum of the channels' differences. */
    boolean standsOutFrom(int other) {
        int difference = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            difference += Math.abs((rgb >> shift & 0xff) - (other >> shift & 0xff));
        }
        return difference >= 150;
    }
}
