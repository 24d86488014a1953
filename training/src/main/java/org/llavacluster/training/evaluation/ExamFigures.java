package org.llavacluster.training.evaluation;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.training.scenes.SceneQuestion.Kind;

/** The mean grades of an exam by the kind of question, with the image and with a grey one in its place. */
public final class ExamFigures {

    private final Map<Kind, Means> means = new EnumMap<>(Kind.class);

    /**
     * The figures of a kind of question.
     *
     * @param questions how many were answered with their image
     * @param seen mean grade of answers with the image, from 0 to 1
     * @param unseen mean grade of answers with a grey image; empty if none was asked so
     */
    public record Figure(int questions, double seen, Optional<Double> unseen) {}

    /** Adds the grade of an answer. */
    public void add(Kind kind, boolean seesImage, double grade) {
        Means of = means.computeIfAbsent(kind, _ -> new Means());
        (seesImage ? of.seen : of.unseen).add(grade);
    }

    /** The kinds that were asked, in the order of reports. */
    public Map<Kind, Figure> byKind() {
        Map<Kind, Figure> figures = new EnumMap<>(Kind.class);
        means.forEach((kind, of) -> figures.put(
                kind,
                new Figure(
                        of.seen.count,
                        of.seen.mean(),
                        of.unseen.count == 0 ? Optional.empty() : Optional.of(of.unseen.mean()))));
        return Collections.unmodifiableMap(figures);
    }

    /** The figures in lines, in percent. */
    public String table() {
        StringBuilder table = new StringBuilder(line("kind", "questions", "image", "grey image"));
        byKind().forEach((kind, figure) -> table.append(line(
                kind.name().toLowerCase(Locale.ROOT).replace('_', '/'),
                Integer.toString(figure.questions()),
                percent(figure.seen()),
                figure.unseen().map(ExamFigures::percent).orElse("-"))));
        return table.toString();
    }

    private static String line(String kind, String questions, String seen, String unseen) {
        return "%-8s %10s %8s %12s%n".formatted(kind, questions, seen, unseen);
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * part);
    }

    private static final class Means {
        final Mean seen = new Mean();
        final Mean unseen = new Mean();
    }

    private static final class Mean {
        int count;
        private double sum;

        void add(double grade) {
            count++;
            sum += grade;
        }

        double mean() {
            return count == 0 ? 0 : sum / count;
        }
    }
}
