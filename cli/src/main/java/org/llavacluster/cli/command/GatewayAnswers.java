package org.llavacluster.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.evaluation.BenchAnswers;
import org.llavacluster.cli.evaluation.BenchAnswers.BenchQuestion;
import org.llavacluster.cli.evaluation.WorkIdentity;
import org.llavacluster.cli.options.OptionRange;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.training.data.ImageFolder;
import org.llavacluster.training.data.UnusableRecordException;
import org.llavacluster.training.data.WorkJournal;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Answers of a gateway to the questions of an evaluation. */
final class GatewayAnswers {

    @Option(
            names = "--together",
            paramLabel = "N",
            description = "Questions that are asked at once; default ${DEFAULT-VALUE}.")
    private int together = 8;

    @Option(
            names = "--answer-tokens",
            paramLabel = "N",
            description = "Most tokens of a gateway's answer; default ${DEFAULT-VALUE}.")
    private int answerTokens = 1024;

    @Mixin
    private GatewayAccess access;

    /** Refuses options outside their limits. */
    void check() {
        OptionRange.requireBetween("--together", together, 1, 256);
        OptionRange.requireBetween("--answer-tokens", answerTokens, 1, 1 << 20);
    }

    /** Questions that are asked at once. */
    int together() {
        return together;
    }

    /**
     * The image of a question.
     *
     * @param folder null if the option {@code --images} was not given
     */
    static Path image(Path folder, String image) {
        if (folder == null) {
            throw new CliException("--images is missing: the folder of the questions' images");
        }
        try {
            return new ImageFolder(folder).file(image);
        } catch (UnusableRecordException e) {
            throw new CliException(folder + ": " + image + ": " + e.getMessage(), e);
        }
    }

    /**
     * Asks what has no answer yet in the folder, and writes {@code answers.jsonl} there.
     *
     * @return the answers by question
     */
    Map<String, String> ask(List<BenchQuestion> questions, Path out) throws IOException {
        Files.createDirectories(out);
        try (GatewayAccess.Connection connection = access.connect()) {
            String model = connection.client().modelName();
            WorkJournal journal = WorkJournal.open(
                    out.resolve("answers-so-far.jsonl"),
                    Map.of("questions", WorkIdentity.of(questions), "model", model),
                    "question_id");
            BenchAnswers gateway = new BenchAnswers(connection.client(), model, journal);
            Progress lines = Progress.toStderr();
            Map<String, String> given =
                    gateway.ask(questions, together, answerTokens, done -> lines.step(false, () -> done + " answers"));
            lines.done(given.size() + " answers");
            gateway.write(out.resolve("answers.jsonl"), questions);
            return given;
        }
    }
}
