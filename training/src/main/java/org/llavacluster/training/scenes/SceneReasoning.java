package org.llavacluster.training.scenes;

import static org.llavacluster.training.scenes.SceneGrammar.joined;
import static org.llavacluster.training.scenes.SceneGrammar.sentence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.llavacluster.training.scenes.DescribedImage.Group;

/** Questions whose answers need a conclusion from what an image shows, with the conclusion spelled out. */
final class SceneReasoning {

    private final List<String> categories;

    /**
     * @param categories words for what kinds of things are
     */
    SceneReasoning(Collection<String> categories) {
        this.categories = List.copyOf(categories);
    }

    /** A question with its answer. */
    record Reasoned(String question, String answer) {}

    Optional<Reasoned> about(DescribedImage image, RandomGenerator random) {
        if (image.things().isEmpty()) {
            return Optional.empty();
        }
        List<Reasoned> all = new ArrayList<>();
        all.add(ofCategory(image, categories.get(random.nextInt(categories.size()))));
        all.add(ofCategory(image, image.things().getFirst().name().category()));
        largest(image).ifPresent(all::add);
        more(image).ifPresent(all::add);
        neighbour(image).ifPresent(all::add);
        return Optional.of(all.get(random.nextInt(all.size())));
    }

    private static Reasoned ofCategory(DescribedImage image, String category) {
        List<Group> own = image.groups().stream()
                .filter(group -> group.name().category().equals(category))
                .toList();
        int count = own.stream().mapToInt(Group::count).sum();
        String question = "How many " + category + "s are in this image?";
        if (count == 0) {
            return new Reasoned(
                    question,
                    sentence("the image shows " + new SceneGrammar(image).everything()) + " "
                            + sentence("none of this is " + ThingName.withArticle(category)));
        }
        String names = joined(own.stream().map(Group::definite).toList());
        return new Reasoned(
                question,
                sentence(
                        count == 1
                                ? names + " is the only " + category + ", so there is one"
                                : names + " are " + category + "s, so there are " + ThingName.number(count)));
    }

    private static Optional<Reasoned> largest(DescribedImage image) {
        return image.things().size() < 2
                ? Optional.empty()
                : new SceneGrammar(image)
                        .largest()
                        .map(group -> new Reasoned(
                                "Which thing takes up the most room?",
                                sentence(group.definite()
                                        + " is larger than everything else, so it takes up the most room")));
    }

    private static Optional<Reasoned> more(DescribedImage image) {
        List<Group> groups = image.groups();
        if (groups.size() < 2) {
            return Optional.empty();
        }
        Group a = groups.getFirst();
        Group b = groups.getLast();
        String question =
                "Are there more " + a.name().many() + " or more " + b.name().many() + "?";
        String counts = (a.count() == 1 ? "there is " : "there are ") + a.counted() + " and " + b.counted();
        if (a.count() == b.count()) {
            return Optional.of(new Reasoned(question, sentence(counts + ", so there are equally many")));
        }
        String larger = (a.count() > b.count() ? a : b).name().many();
        return Optional.of(new Reasoned(question, sentence(counts + ", so there are more " + larger)));
    }

    private static Optional<Reasoned> neighbour(DescribedImage image) {
        List<Group> singles = image.singles();
        if (singles.size() < 3) {
            return Optional.empty();
        }
        Group from = singles.getFirst();
        ThingBox box = from.boxes().getFirst();
        Group nearest = singles.stream()
                .skip(1)
                .min(Comparator.comparingDouble(
                        group -> distance(box, group.boxes().getFirst())))
                .orElseThrow();
        return Optional.of(new Reasoned(
                "Which single thing is closest to " + from.definite() + "?",
                sentence("of all single things, " + nearest.definite() + " has the shortest way to " + from.definite()
                        + ", so it is the closest")));
    }

    private static double distance(ThingBox a, ThingBox b) {
        return Math.hypot(a.centreX() - b.centreX(), a.centreY() - b.centreY());
    }
}
