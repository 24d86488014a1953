package org.llavacluster.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.ReportFile;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.evaluation.ExamReport;
import org.llavacluster.cli.evaluation.ExamRun;
import org.llavacluster.cli.options.OptionRange;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.training.data.ImageFolder;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.data.UnusableRecordException;
import org.llavacluster.training.evaluation.ExamAnswers;
import org.llavacluster.training.evaluation.ExamAnswers.Asked;
import org.llavacluster.training.scenes.ExamQuestion;
import org.llavacluster.training.scenes.ImageAnnotations;
import org.llavacluster.training.scenes.SceneExam;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Judges a served model by its answers. */
@Command(
        name = "eval",
        description = "Judge a served model by its answers.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {EvalCommand.Scenes.class, EvalJudgeCommand.class, EvalScienceQaCommand.class})
public final class EvalCommand {

    /** {@code llava eval scenes}. */
    @Command(
            name = "scenes",
            description = "Ask about annotated images, such as held-out scenes, and count the right answers.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Scenes implements Callable<Integer> {

        @Option(
                names = "--annotations",
                paramLabel = "FILE",
                required = true,
                description = "Boxes in COCO's format; may be repeated.")
        private List<Path> annotations;

        @Option(names = "--images", paramLabel = "DIR", required = true, description = "The folder of their images.")
        private Path images;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                required = true,
                description = "Gets answers.jsonl, figures.json and figures.svg. An evaluation that was stopped"
                        + " continues.")
        private Path out;

        @Option(names = "--most-images", paramLabel = "N", description = "Ask about the first N images only.")
        private int mostImages = Integer.MAX_VALUE;

        @Option(
                names = "--seed",
                paramLabel = "S",
                description = "Decides which questions are asked; default ${DEFAULT-VALUE}.")
        private long seed = 1;

        @Option(
                names = "--together",
                paramLabel = "N",
                description = "Questions that are asked at once; default ${DEFAULT-VALUE}.")
        private int together = 8;

        @Option(
                names = "--grey",
                negatable = true,
                defaultValue = "true",
                fallbackValue = "true",
                description =
                        "Ask each question about a grey image too, which shows what can be guessed; on by default.")
        private boolean grey;

        @Mixin
        private GatewayAccess access;

        @Override
        public Integer call() {
            OptionRange.requireBetween("--most-images", mostImages, 1, Integer.MAX_VALUE);
            OptionRange.requireBetween("--together", together, 1, 256);
            try {
                List<Asked> exam = exam();
                requireImages(exam);
                Files.createDirectories(out);
                try (GatewayAccess.Connection connection = access.connect()) {
                    ask(connection.client(), exam);
                }
            } catch (TrainingDataException e) {
                throw new CliException(e.getMessage(), e);
            } catch (IOException e) {
                throw new CliException(out + ": cannot be written: " + e.getMessage(), e);
            }
            return 0;
        }

        private List<Asked> exam() {
            List<Asked> exam = new ArrayList<>();
            for (ExamQuestion question : SceneExam.of(ImageAnnotations.read(annotations), mostImages, seed)) {
                exam.add(new Asked(question, true));
                if (grey) {
                    exam.add(new Asked(question, false));
                }
            }
            return exam;
        }

        /** Before anything is asked: an evaluation takes long. */
        private void requireImages(List<Asked> exam) {
            ImageFolder folder = new ImageFolder(images);
            for (String image : exam.stream()
                    .map(asked -> asked.question().image())
                    .distinct()
                    .toList()) {
                try {
                    folder.file(image);
                } catch (UnusableRecordException e) {
                    throw new CliException(images + ": " + image + ": " + e.getMessage(), e);
                }
            }
        }

        private void ask(GatewayClient client, List<Asked> exam) throws IOException {
            String model = client.modelName();
            ExamAnswers answers = ExamAnswers.open(out.resolve("answers.jsonl"), model, exam);
            Progress lines = Progress.toStderr();
            long answered =
                    exam.stream().filter(asked -> answers.of(asked).isPresent()).count();
            new ExamRun(client, new ImageFolder(images), answers)
                    .ask(
                            exam,
                            together,
                            done -> lines.step(answered + done == exam.size(), () -> "%d of %d answers"
                                    .formatted(answered + done, exam.size())));
            ExamReport report = new ExamReport(model, answers.figures());
            ReportFile.write(out.resolve("figures.json"), report.toJson() + "\n");
            ReportFile.write(out.resolve("figures.svg"), report.toSvg());
            System.out.print(answers.figures().table());
        }
    }
}
