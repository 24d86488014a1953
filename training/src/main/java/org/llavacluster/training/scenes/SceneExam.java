package org.llavacluster.training.scenes;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.scenes.SceneQuestion.Kind;

/** Questions about annotated images: of each kind one per image, where its annotations answer one without doubt. */
public final class SceneExam {

    /** The largest number that is asked for. */
    private static final int MOST = 4;

    private SceneExam() {}

    /**
     * The questions about the first images, image after image.
     *
     * @param images most images that are asked about
     * @param seed decides which question of a kind is asked; equal seeds ask the same
     * @throws TrainingDataException if the annotations answer no question
     */
    public static List<ExamQuestion> of(ImageAnnotations annotations, int images, long seed) {
        SceneQuestions questions = new SceneQuestions(annotations.names());
        List<ExamQuestion> exam = new ArrayList<>();
        for (DescribedImage image : annotations.images().stream().limit(images).toList()) {
            RandomGenerator random = new SplittableRandom(seed + 31 * image.id());
            Map<Kind, List<SceneQuestion>> byKind = new EnumMap<>(Kind.class);
            questions.about(image, random).stream().filter(SceneExam::isAsked).forEach(one -> byKind.computeIfAbsent(
                            one.kind(), _ -> new ArrayList<>())
                    .add(one));
            byKind.forEach((kind, choices) -> exam.add(new ExamQuestion(
                    image.id() + "-" + kind.name().toLowerCase(Locale.ROOT),
                    image.file(),
                    image.width(),
                    image.height(),
                    choices.get(random.nextInt(choices.size())))));
        }
        if (exam.isEmpty()) {
            throw new TrainingDataException("no image has annotations that a question can be asked about");
        }
        return exam;
    }

    private static boolean isAsked(SceneQuestion question) {
        return question.kind() != Kind.COUNT
                || IntStream.rangeClosed(1, MOST).mapToObj(ThingName::number).anyMatch(question.answer()::equals);
    }
}
