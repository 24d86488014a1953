package org.llavacluster.training.scenes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Decides by chance what scenes show. */
final class ScenePlanner {

    /** Chances in percent of one, two, three and four groups of things that look alike. */
    private static final int[] GROUPS = {40, 25, 20, 15};

    /** Chances in percent that a group has one, two, three and four things. */
    private static final int[] COUNTS = {64, 16, 11, 9};

    /** In percent: things that are drawn. */
    private static final int DRAWN = 30;

    /** In percent of the side: the largest thing of a scene of one, two, ... things. */
    private static final int[] LARGEST = {64, 44, 38, 34, 31, 29};

    /** In percent of the side. */
    private static final int SMALLEST = 19;

    /** Pixels between things. */
    private static final int GAP = 3;

    private static final int TRIES = 60;

    private final ThingCatalogue catalogue;
    private final int side;

    /**
     * @param side pixels of the images, which are square
     */
    ScenePlanner(ThingCatalogue catalogue, int side) {
        this.catalogue = catalogue;
        this.side = side;
    }

    Scene plan(RandomGenerator random) {
        while (true) {
            Optional<Scene> scene = draw(random);
            if (scene.isPresent()) {
                return scene.get();
            }
        }
    }

    /** Empty if the things found no room. */
    private Optional<Scene> draw(RandomGenerator random) {
        Backdrop backdrop = Backdrop.values()[random.nextInt(Backdrop.values().length)];
        List<SceneThing> things = new ArrayList<>();
        for (Look look : looks(random, backdrop)) {
            things.add(new SceneThing(look.kind(), look.colour(), new ThingBox(0, 0, 1, 1), random.nextBoolean()));
        }
        List<SceneThing> placed = new ArrayList<>();
        for (SceneThing thing : things) {
            Optional<ThingBox> box = place(random, thing, LARGEST[things.size() - 1], placed);
            if (box.isEmpty()) {
                return Optional.empty();
            }
            placed.add(new SceneThing(thing.kind(), thing.colour(), box.get(), thing.mirrored()));
        }
        int horizon = backdrop.isLandscape() ? side * random.nextInt(30, 71) / 100 : side;
        return Optional.of(new Scene(side, side, backdrop, horizon, placed));
    }

    /** Things that look alike. */
    private record Look(ThingKind kind, Optional<SceneColour> colour) {}

    /** A look for each thing. */
    private List<Look> looks(RandomGenerator random, Backdrop backdrop) {
        List<Look> looks = new ArrayList<>();
        Set<Look> known = new HashSet<>();
        int groups = 1 + pick(random, GROUPS);
        while (known.size() < groups && looks.size() < Scene.MOST_THINGS) {
            Look look = look(random, backdrop);
            if (known.add(look)) {
                int count = Math.min(1 + pick(random, COUNTS), Scene.MOST_THINGS - looks.size());
                for (int n = 0; n < count; n++) {
                    looks.add(look);
                }
            }
        }
        return looks;
    }

    private Look look(RandomGenerator random, Backdrop backdrop) {
        List<ThingKind> kinds = random.nextInt(100) < DRAWN ? catalogue.drawn() : catalogue.artworks();
        ThingKind kind = kinds.get(random.nextInt(kinds.size()));
        if (!kind.isColoured()) {
            return new Look(kind, Optional.empty());
        }
        List<SceneColour> colours = backdrop.visibleColours();
        return new Look(kind, Optional.of(colours.get(random.nextInt(colours.size()))));
    }

    private Optional<ThingBox> place(RandomGenerator random, SceneThing thing, int largest, List<SceneThing> placed) {
        double aspect = catalogue.aspect(thing.kind());
        for (int n = 0; n < TRIES; n++) {
            double longest = side * random.nextInt(SMALLEST, largest + 1) / 100.0;
            int width = Math.max(1, (int) Math.round(longest * Math.min(1, aspect)));
            int height = Math.max(1, (int) Math.round(longest / Math.max(1, aspect)));
            ThingBox box =
                    new ThingBox(random.nextInt(1, side - width), random.nextInt(1, side - height), width, height);
            if (placed.stream().noneMatch(other -> other.box().isNear(box, GAP))) {
                return Optional.of(box);
            }
        }
        return Optional.empty();
    }

    /** An index by chances in percent. */
    private static int pick(RandomGenerator random, int... percent) {
        int left = random.nextInt(100);
        int index = 0;
        while (left >= percent[index]) {
            left -= percent[index++];
        }
        return index;
    }
}
