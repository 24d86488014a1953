package org.llavacluster.training.scenes;

import java.util.List;
import java.util.Objects;

/**
 * What an image shows.
 *
 * @param width pixels
 * @param height pixels
 * @param horizon pixels of sky above the ground; the height for backdrops of one colour
 * @param things one to six
 */
public record Scene(int width, int height, Backdrop backdrop, int horizon, List<SceneThing> things) {

    /** The most things of a scene. */
    public static final int MOST_THINGS = 6;

    public Scene {
        Objects.requireNonNull(backdrop, "backdrop");
        things = List.copyOf(things);
        if (things.isEmpty() || things.size() > MOST_THINGS) {
            throw new IllegalArgumentException(things.size() + " things in a scene, limit " + MOST_THINGS);
        }
    }
}
