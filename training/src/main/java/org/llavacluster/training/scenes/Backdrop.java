package org.llavacluster.training.scenes;

import java.util.Arrays;
import java.util.List;

/** What is behind the things: one colour, or sky over ground. */
public enum Backdrop {
    WHITE("a white background", 0xf4f4f4),
    GREY("a grey background", 0xa9adb3),
    CREAM("a cream background", 0xf3e6c4),
    SKY_BLUE("a light blue background", 0xa9d3f2),
    LIGHT_GREEN("a light green background", 0xc2e5b4),
    LAVENDER("a lavender background", 0xd5c9ef),
    DARK("a dark background", 0x30343c),
    MEADOW("a green meadow", 0x87bdea, 0x4b9a45),
    BEACH("a sandy beach", 0x9fd8f5, 0xe8d29a),
    SEA("a blue sea", 0xcfe8f6, 0x2f7fb5),
    SNOW("a snowy field", 0xb9cbe0, 0xf2f6fa),
    NIGHT("a field at night", 0x141a3c, 0x24382c);

    private final String phrase;
    private final int[] colours;

    Backdrop(String phrase, int... colours) {
        this.phrase = phrase;
        this.colours = colours;
    }

    /** With its article. */
    public String phrase() {
        return phrase;
    }

    /** Whether it has a ground, on which things stand rather than lie. */
    public boolean isLandscape() {
        return colours.length > 1;
    }

    int top() {
        return colours[0];
    }

    int bottom() {
        return colours[colours.length - 1];
    }

    /** The colours that can be seen on it. */
    List<SceneColour> visibleColours() {
        return Arrays.stream(SceneColour.values())
                .filter(colour -> colour.standsOutFrom(top()) && colour.standsOutFrom(bottom()))
                .toList();
    }
}
