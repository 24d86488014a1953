package org.llavacluster.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.ReportFile;
import org.llavacluster.cli.endpoint.LanguageModelEndpoint;
import org.llavacluster.cli.evaluation.BenchAnswers.BenchQuestion;
import org.llavacluster.cli.evaluation.ScienceEnsembles;
import org.llavacluster.cli.evaluation.ScienceReport;
import org.llavacluster.cli.evaluation.WorkIdentity;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.data.WorkJournal;
import org.llavacluster.training.evaluation.ScienceFigures;
import org.llavacluster.training.evaluation.ScienceQuestion;
import org.llavacluster.training.evaluation.ScienceQuestions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code llava eval scienceqa}. */
@Command(
        name = "scienceqa",
        description = "Count right answers to ScienceQA's questions by subject, also together with another model.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class EvalScienceQaCommand implements Callable<Integer> {

    @Option(names = "--problems", paramLabel = "FILE", required = true, description = "ScienceQA's problems.json.")
    private Path problems;

    @Option(names = "--split", paramLabel = "NAME", description = "The questions' split; default ${DEFAULT-VALUE}.")
    private String split = "test";

    @Option(
            names = "--predictions",
            paramLabel = "FILE",
            description = "Answers: JSON lines with question_id and text, or a result file with outputs. Without it a"
                    + " gateway answers.")
    private Path predictions;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "The folder of images, which holds ID/NAME or SPLIT/ID/NAME, for a gateway's answers.")
    private Path images;

    @Option(
            names = "--other",
            paramLabel = "FILE",
            description = "Answers of another model, as --predictions, for the ensembles.")
    private Path other;

    @Option(
            names = "--second",
            paramLabel = "FILE",
            description = "Answers of the other model when it was asked again, for the ensemble 'judge'. Without it"
                    + " --endpoint is asked.")
    private Path second;

    @Option(names = "--judge-model", paramLabel = "NAME", description = "The endpoint's model that is asked again.")
    private String judgeModel;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Gets answers.jsonl, figures.json and figures.svg. An evaluation that was stopped continues.")
    private Path out;

    @Mixin
    private GatewayAnswers gateway;

    @Mixin
    private EndpointOptions endpoint;

    @Override
    public Integer call() {
        gateway.check();
        try {
            List<ScienceQuestion> questions = ScienceQuestions.read(problems, split);
            Files.createDirectories(out);
            Map<String, String> outputs =
                    predictions == null ? askGateway(questions) : ScienceQuestions.outputs(predictions);
            report(questions, outputs);
        } catch (TrainingDataException e) {
            throw new CliException(e.getMessage(), e);
        } catch (IOException e) {
            throw new CliException(out + ": cannot be written: " + e.getMessage(), e);
        }
        return 0;
    }

    private void report(List<ScienceQuestion> questions, Map<String, String> outputs) throws IOException {
        ScienceEnsembles ensembles = new ScienceEnsembles(questions, outputs);
        Map<String, ScienceFigures> rows = new LinkedHashMap<>();
        rows.put("model", ensembles.alone());
        if (other != null) {
            Map<String, String> others = ScienceQuestions.outputs(other);
            rows.putAll(ensembles.with(others, again(ensembles, others)));
        }
        ScienceReport report = new ScienceReport(rows);
        ReportFile.write(out.resolve("figures.json"), report.toJson() + "\n");
        ReportFile.write(out.resolve("figures.svg"), report.toSvg());
        long missing = questions.stream()
                .filter(question -> !outputs.containsKey(question.id()))
                .count();
        System.out.print(ScienceFigures.table(rows));
        if (missing > 0) {
            System.out.printf("%d of %d questions have no answer and count as wrong%n", missing, questions.size());
        }
    }

    private Optional<Map<String, String>> again(ScienceEnsembles ensembles, Map<String, String> others)
            throws IOException {
        if (second != null) {
            return Optional.of(ScienceQuestions.outputs(second));
        }
        if (!endpoint.isGiven()) {
            return Optional.empty();
        }
        try (LanguageModelEndpoint model = endpoint.connect("--judge-model", judgeModel, 0)) {
            WorkJournal journal = WorkJournal.open(
                    out.resolve("second-so-far.jsonl"),
                    Map.of(
                            "answers",
                            WorkIdentity.of(List.of(
                                    ensembles.questions(), new TreeMap<>(ensembles.outputs()), new TreeMap<>(others))),
                            "judge",
                            judgeModel),
                    "question_id");
            Progress lines = Progress.toStderr();
            return Optional.of(ensembles.askAgain(
                    model,
                    others,
                    journal,
                    gateway.together(),
                    done -> lines.step(false, () -> done + " second answers")));
        }
    }

    private Map<String, String> askGateway(List<ScienceQuestion> questions) throws IOException {
        List<BenchQuestion> bench = new ArrayList<>();
        for (ScienceQuestion question : questions) {
            bench.add(new BenchQuestion(
                    question.id(), question.image().map(name -> file(question, name)), question.prompt()));
        }
        return gateway.ask(bench, out);
    }

    private Path file(ScienceQuestion question, String name) {
        boolean bySplit = images != null && Files.isDirectory(images.resolve(question.split()));
        String image = question.id() + "/" + name;
        return GatewayAnswers.image(images, bySplit ? question.split() + "/" + image : image);
    }
}
