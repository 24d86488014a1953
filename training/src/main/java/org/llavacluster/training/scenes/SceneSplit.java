package org.llavacluster.training.scenes;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llavacluster.engine.Sha256;

/**
 * Scenes to learn from and scenes to judge by. A digest of a scene's combination decides which of the two it is, so
 * that no combination is in both, whatever seeds they were made from.
 */
public enum SceneSplit {
    TRAIN,
    HELD_OUT;

    /** One combination in so many is held out. */
    private static final int HELD_OUT_SHARE = 8;

    /** Whether a scene belongs to this split. */
    public boolean holds(Scene scene) {
        byte[] digest = Sha256.start().digest(combination(scene).getBytes(StandardCharsets.UTF_8));
        return (Math.floorMod(digest[0], HELD_OUT_SHARE) == 0) == (this == HELD_OUT);
    }

    /**
     * What no scene of the other split has: for several kinds of things which they are, in which colours and how many;
     * for one kind also the places and the backdrop.
     */
    static String combination(Scene scene) {
        Stream<String> names = scene.things().stream().map(thing -> thing.name().one());
        if (scene.things().stream().map(SceneThing::name).distinct().count() > 1) {
            return names.sorted().collect(Collectors.joining(","));
        }
        Stream<String> places = scene.things().stream()
                .map(thing -> ImagePlace.of(thing.box(), scene.width(), scene.height()))
                .sorted()
                .map(ImagePlace::words);
        return Stream.of(names, places, Stream.of(scene.backdrop().phrase()))
                .flatMap(words -> words)
                .collect(Collectors.joining(","));
    }
}
