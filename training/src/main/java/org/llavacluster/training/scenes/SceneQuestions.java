package org.llavacluster.training.scenes;

import static org.llavacluster.training.scenes.SceneGrammar.pick;
import static org.llavacluster.training.scenes.SceneGrammar.sentence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.llavacluster.training.scenes.DescribedImage.Group;

/** Questions about images that their annotations answer without doubt. */
final class SceneQuestions {

    /** The largest number that is asked for. */
    private static final int MOST = 4;

    private final List<ThingName> known;

    /**
     * @param known names of all kinds, for questions about what is not there
     */
    SceneQuestions(List<ThingName> known) {
        this.known = List.copyOf(known);
    }

    /** At most one question of each sort, in a fixed order. */
    List<SceneQuestion> about(DescribedImage image, RandomGenerator random) {
        List<SceneQuestion> questions = new ArrayList<>();
        List<Group> groups = image.groups();
        if (groups.isEmpty()) {
            return questions;
        }
        if (image.things().size() == 1) {
            questions.add(name(groups.getFirst(), random));
        }
        questions.add(list(image, random));
        colour(groups, random).ifPresent(questions::add);
        place(image, random).ifPresent(questions::add);
        count(groups, random).ifPresent(questions::add);
        questions.add(total(image));
        questions.add(there(groups, random));
        absent(groups, random).ifPresent(questions::add);
        relation(image, random).ifPresent(questions::add);
        return questions;
    }

    private static SceneQuestion name(Group group, RandomGenerator random) {
        return new SceneQuestion(
                SceneQuestion.Kind.NAME,
                pick(random, "What is this?", "What is the thing in this image?", "What do you see?"),
                group.name().one(),
                sentence("this is " + group.counted()));
    }

    private static SceneQuestion list(DescribedImage image, RandomGenerator random) {
        return new SceneQuestion(
                SceneQuestion.Kind.LIST,
                pick(
                        random,
                        "What is shown in this image?",
                        "What can you see in this image?",
                        "Which things are in this image?"),
                image.groups().stream().map(group -> group.name().one()).collect(Collectors.joining(", ")),
                new SceneGrammar(image).shows());
    }

    private static Optional<SceneQuestion> colour(List<Group> groups, RandomGenerator random) {
        List<Group> coloured = groups.stream()
                .filter(group -> group.name().colour().isPresent())
                .filter(group -> groups.stream()
                                .filter(other -> other.name()
                                        .singular()
                                        .equals(group.name().singular()))
                                .count()
                        == 1)
                .toList();
        return chosen(coloured, random).map(group -> {
            String colour = group.name().colour().orElseThrow();
            boolean one = group.count() == 1;
            String noun = one ? group.name().singular() : group.name().plural();
            String verb = one ? "is" : "are";
            return new SceneQuestion(
                    SceneQuestion.Kind.COLOUR,
                    "What colour " + verb + " the " + noun + "?",
                    colour,
                    sentence("the " + noun + " " + verb + " " + colour));
        });
    }

    private static Optional<SceneQuestion> place(DescribedImage image, RandomGenerator random) {
        List<Group> clear = image.singles().stream()
                .filter(group -> image.isPlaceClear(group.boxes().getFirst()))
                .toList();
        return chosen(clear, random).map(group -> {
            ImagePlace place = image.place(group.boxes().getFirst());
            return new SceneQuestion(
                    SceneQuestion.Kind.PLACE,
                    pick(random, "Where is ", "In which part of the image is ") + group.definite() + "?",
                    place.words(),
                    sentence(group.definite() + " is " + place.phrase()));
        });
    }

    private static Optional<SceneQuestion> count(List<Group> groups, RandomGenerator random) {
        List<Group> few = groups.stream().filter(group -> group.count() <= MOST).toList();
        return chosen(few, random)
                .map(group -> new SceneQuestion(
                        SceneQuestion.Kind.COUNT,
                        "How many " + group.name().many() + " are there?",
                        ThingName.number(group.count()),
                        sentence(
                                group.count() == 1
                                        ? "there is one " + group.name().one()
                                        : "there are " + group.counted())));
    }

    private static SceneQuestion total(DescribedImage image) {
        int count = image.things().size();
        String number = ThingName.number(count);
        return new SceneQuestion(
                SceneQuestion.Kind.COUNT,
                "How many things are there?",
                number,
                sentence(count == 1 ? "there is one thing" : "there are " + number + " things"));
    }

    private static SceneQuestion there(List<Group> groups, RandomGenerator random) {
        Group group = groups.get(random.nextInt(groups.size()));
        return new SceneQuestion(
                SceneQuestion.Kind.YES_NO,
                "Is there " + group.name().counted(1) + "?",
                "yes",
                sentence("yes, there " + (group.count() == 1 ? "is " : "are ") + group.counted()));
    }

    private Optional<SceneQuestion> absent(List<Group> groups, RandomGenerator random) {
        List<ThingName> others = known.stream()
                .filter(name -> groups.stream()
                        .noneMatch(group -> group.name().singular().equals(name.singular())))
                .toList();
        return chosen(others, random)
                .map(name -> new SceneQuestion(
                        SceneQuestion.Kind.YES_NO,
                        "Is there " + ThingName.withArticle(name.singular()) + "?",
                        "no",
                        sentence("no, there is no " + name.singular())));
    }

    private static Optional<SceneQuestion> relation(DescribedImage image, RandomGenerator random) {
        List<Group> singles = image.singles();
        if (singles.size() < 2) {
            return Optional.empty();
        }
        int first = random.nextInt(singles.size());
        int second = (first + random.nextInt(1, singles.size())) % singles.size();
        Group a = singles.get(first);
        Group b = singles.get(second);
        ThingBox boxA = a.boxes().getFirst();
        ThingBox boxB = b.boxes().getFirst();
        if (random.nextBoolean()) {
            return related(
                    a,
                    b,
                    "to the left of",
                    SceneGrammar.isLeftOf(boxA, boxB),
                    "to the right of",
                    SceneGrammar.isLeftOf(boxB, boxA));
        }
        return related(a, b, "above", SceneGrammar.isAbove(boxA, boxB), "below", SceneGrammar.isAbove(boxB, boxA));
    }

    private static Optional<SceneQuestion> related(
            Group a, Group b, String asked, boolean holds, String opposite, boolean oppositeHolds) {
        if (holds == oppositeHolds) {
            return Optional.empty();
        }
        return Optional.of(new SceneQuestion(
                SceneQuestion.Kind.YES_NO,
                "Is " + a.definite() + " " + asked + " " + b.definite() + "?",
                holds ? "yes" : "no",
                sentence((holds ? "yes, " : "no, ") + a.definite() + " is " + (holds ? asked : opposite) + " "
                        + b.definite())));
    }

    private static <T> Optional<T> chosen(List<T> choices, RandomGenerator random) {
        return choices.isEmpty() ? Optional.empty() : Optional.of(choices.get(random.nextInt(choices.size())));
    }
}
