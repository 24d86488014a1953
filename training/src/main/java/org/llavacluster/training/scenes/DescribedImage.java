package org.llavacluster.training.scenes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An image as its annotations describe it.
 *
 * @param id as the annotations have it
 * @param file below the folder of images
 * @param width pixels
 * @param height pixels
 * @param backdrop a phrase for what is behind the things, where the annotations have one
 * @param captions sentences about it, from people or a grammar
 */
record DescribedImage(
        long id,
        String file,
        int width,
        int height,
        Optional<String> backdrop,
        List<DescribedThing> things,
        List<String> captions) {

    DescribedImage {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(backdrop, "backdrop");
        things = List.copyOf(things);
        captions = List.copyOf(captions);
    }

    static DescribedImage of(long id, String file, Scene scene) {
        return new DescribedImage(
                id,
                file,
                scene.width(),
                scene.height(),
                Optional.of(scene.backdrop().phrase()),
                scene.things().stream()
                        .map(thing -> new DescribedThing(thing.name(), thing.box()))
                        .toList(),
                List.of());
    }

    /** Things of one name, from left to right. */
    record Group(ThingName name, List<ThingBox> boxes) {

        Group {
            boxes = List.copyOf(boxes);
        }

        int count() {
            return boxes.size();
        }

        /** As in "a dog". */
        String counted() {
            return name.counted(count());
        }

        /** As in "the dog". */
        String definite() {
            return name.definite(count());
        }
    }

    /** The things by their names; that whose leftmost thing is farthest to the left comes first. */
    List<Group> groups() {
        Map<ThingName, List<ThingBox>> boxes = new LinkedHashMap<>();
        things.stream()
                .sorted(Comparator.comparingDouble(thing -> thing.box().centreX()))
                .forEach(thing -> boxes.computeIfAbsent(thing.name(), _ -> new ArrayList<>())
                        .add(thing.box()));
        return boxes.entrySet().stream()
                .map(entry -> new Group(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** The groups that are one thing each. */
    List<Group> singles() {
        return groups().stream().filter(group -> group.count() == 1).toList();
    }

    ImagePlace place(ThingBox box) {
        return ImagePlace.of(box, width, height);
    }

    boolean isPlaceClear(ThingBox box) {
        return ImagePlace.isClear(box, width, height);
    }
}
