package org.llavacluster.training.scenes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.llavacluster.training.scenes.DescribedImage.Group;

/** Sentences about an image that its annotations prove. */
final class SceneGrammar {

    /** How much larger than all others the largest thing is. */
    private static final double CLEARLY = 1.4;

    private final DescribedImage image;
    private final List<Group> groups;

    SceneGrammar(DescribedImage image) {
        this.image = image;
        this.groups = image.groups();
    }

    /** Five captions, as COCO has them of each image. */
    List<String> captions(RandomGenerator random) {
        String all = everything();
        String behind = image.backdrop().map(phrase -> " on " + phrase).orElse("");
        return List.of(
                sentence(all + behind),
                sentence(pick(random, "an image of ", "a picture of ", "a scene with ") + all),
                sentence(places()),
                sentence(total() + ": " + all),
                sentence(places() + behind));
    }

    /** As in "a dog, two cats and a red circle". */
    String everything() {
        return joined(groups.stream().map(Group::counted).toList());
    }

    /** A sentence with all things. */
    String shows() {
        return sentence("the image shows " + everything());
    }

    /** As in "a dog at the top left and two cats on the right". */
    private String places() {
        List<String> phrases = new ArrayList<>();
        for (Group group : groups) {
            for (ThingBox box : group.boxes()) {
                phrases.add(group.name().counted(1) + " " + image.place(box).phrase());
            }
        }
        return joined(phrases);
    }

    private String total() {
        int count = image.things().size();
        return ThingName.number(count) + (count == 1 ? " thing" : " things");
    }

    /** Three sentences or more. */
    String detail() {
        int count = image.things().size();
        List<String> sentences = new ArrayList<>();
        sentences.add(sentence("the image shows " + total()
                + image.backdrop().map(phrase -> " on " + phrase).orElse("") + ": " + everything()));
        for (Group group : groups) {
            sentences.add(sentence(
                    group.count() == 1
                            ? group.definite() + " is "
                                    + image.place(group.boxes().getFirst()).phrase()
                            : "of " + group.definite() + ", one is "
                                    + group.boxes().stream()
                                            .map(box -> image.place(box).phrase())
                                            .collect(Collectors.joining(", one is "))));
        }
        if (count > 1) {
            largest().ifPresent(group -> sentences.add(sentence(group.definite() + " is the largest thing")));
        }
        List<Group> singles = image.singles();
        if (singles.size() > 1) {
            Group first = singles.getFirst();
            Group second = singles.get(1);
            if (isLeftOf(first.boxes().getFirst(), second.boxes().getFirst())) {
                sentences.add(sentence(first.definite() + " is to the left of " + second.definite()));
            }
        }
        return String.join(" ", sentences);
    }

    /** The single thing that is clearly larger than all others. */
    Optional<Group> largest() {
        List<Long> areas = image.things().stream()
                .map(thing -> thing.box().area())
                .sorted(Comparator.reverseOrder())
                .toList();
        if (areas.size() > 1 && areas.getFirst() < CLEARLY * areas.get(1)) {
            return Optional.empty();
        }
        return image.singles().stream()
                .filter(group -> group.boxes().getFirst().area() == areas.getFirst())
                .findFirst();
    }

    /** Whether all of a box is to the left of the other's centre, and the other way round. */
    static boolean isLeftOf(ThingBox box, ThingBox other) {
        return box.right() < other.centreX() && other.x() > box.centreX();
    }

    /** Whether all of a box is above the other's centre, and the other way round. */
    static boolean isAbove(ThingBox box, ThingBox other) {
        return box.bottom() < other.centreY() && other.y() > box.centreY();
    }

    static String joined(List<String> parts) {
        int last = parts.size() - 1;
        return last < 1 ? parts.getFirst() : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
    }

    static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }

    static String pick(RandomGenerator random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
