package org.llavacluster.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.ReportFile;
import org.llavacluster.cli.endpoint.LanguageModelEndpoint;
import org.llavacluster.cli.evaluation.BenchAnswers.BenchQuestion;
import org.llavacluster.cli.evaluation.JudgeReport;
import org.llavacluster.cli.evaluation.JudgeRun;
import org.llavacluster.cli.evaluation.WorkIdentity;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.training.data.JsonLinesFile;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.data.WorkJournal;
import org.llavacluster.training.evaluation.JudgeFigures;
import org.llavacluster.training.evaluation.JudgedQuestion;
import org.llavacluster.training.evaluation.JudgedQuestions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code llava eval judge}. */
@Command(
        name = "judge",
        description = "Let a language model compare answers with reference answers, and sum up its scores by category.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class EvalJudgeCommand implements Callable<Integer> {

    /** As in the published evaluation. */
    private static final double TEMPERATURE = 0.2;

    @Option(
            names = "--questions",
            paramLabel = "FILE",
            description = "JSON lines with question_id, text, image and category.")
    private Path questions;

    @Option(
            names = "--context",
            paramLabel = "FILE",
            description = "JSON lines with image and captions with instances, or caption: what the judge reads in place"
                    + " of the image.")
    private Path context;

    @Option(
            names = "--reference",
            paramLabel = "FILE",
            description = "JSON lines with question_id and text: the answers that count as 100 percent.")
    private Path reference;

    @Option(
            names = "--answers",
            paramLabel = "FILE",
            description = "JSON lines with question_id and text: the answers to judge. Without it a gateway answers.")
    private Path answers;

    @Option(names = "--images", paramLabel = "DIR", description = "The folder of the images, for a gateway's answers.")
    private Path images;

    @Option(
            names = "--reviews",
            paramLabel = "FILE",
            description = "Only sum up published reviews: JSON lines with tuple or score, and category.")
    private Path reviews;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Gets answers.jsonl, reviews.jsonl, figures.json and figures.svg. An evaluation that was"
                    + " stopped continues.")
    private Path out;

    @Option(names = "--judge-model", paramLabel = "NAME", description = "The endpoint's model that judges.")
    private String judgeModel;

    @Option(
            names = "--both-orders",
            description = "Judge each question twice, also with the model's answer first. The reference's is first"
                    + " otherwise.")
    private boolean bothOrders;

    @Mixin
    private GatewayAnswers gateway;

    @Mixin
    private EndpointOptions endpoint;

    @Override
    public Integer call() {
        gateway.check();
        try {
            if (reviews != null) {
                sumUpPublished();
            } else {
                judge();
            }
        } catch (TrainingDataException e) {
            throw new CliException(e.getMessage(), e);
        } catch (IOException e) {
            throw new CliException(out + ": cannot be written: " + e.getMessage(), e);
        }
        return 0;
    }

    private void sumUpPublished() throws IOException {
        JudgeFigures figures = new JudgeFigures();
        for (JsonNode review : JsonLinesFile.read(reviews)) {
            if (!figures.addPublished(review)) {
                throw new TrainingDataException(reviews + ": a line has no tuple or score of two numbers");
            }
        }
        report(judgeModel == null ? "the judge" : judgeModel, figures);
    }

    private void judge() throws IOException {
        if (questions == null || reference == null) {
            throw new CliException("--questions and --reference are needed, or --reviews");
        }
        List<JudgedQuestion> asked = JudgedQuestions.read(questions, Optional.ofNullable(context), reference);
        try (LanguageModelEndpoint judge = endpoint.connect("--judge-model", judgeModel, TEMPERATURE)) {
            Map<String, String> given = answers == null ? askGateway(asked) : answersOfFile(asked);
            List<String> judged = asked.stream()
                    .map(question -> question + "\n" + given.get(question.id()))
                    .toList();
            Files.createDirectories(out);
            WorkJournal journal = WorkJournal.open(
                    out.resolve("reviews-so-far.jsonl"),
                    Map.of("answers", WorkIdentity.of(judged), "judge", judgeModel),
                    "review_id");
            Progress lines = Progress.toStderr();
            List<JsonNode> written = new JudgeRun(judge, journal)
                    .review(
                            asked,
                            given,
                            bothOrders,
                            gateway.together(),
                            done -> lines.step(false, () -> done + " reviews written"));
            lines.done(written.size() + " reviews");
            JsonLinesFile.write(out.resolve("reviews.jsonl"), written);
            JudgeFigures figures = new JudgeFigures();
            written.forEach(figures::addPublished);
            report(judgeModel, figures);
        }
    }

    private Map<String, String> answersOfFile(List<JudgedQuestion> asked) {
        Map<String, String> given = JudgedQuestions.answers(answers);
        asked.stream()
                .filter(question -> !given.containsKey(question.id()))
                .findFirst()
                .ifPresent(question -> {
                    throw new TrainingDataException(answers + ": has no answer to question " + question.id());
                });
        return given;
    }

    private Map<String, String> askGateway(List<JudgedQuestion> asked) throws IOException {
        List<BenchQuestion> bench = new ArrayList<>();
        for (JudgedQuestion question : asked) {
            bench.add(new BenchQuestion(
                    question.id(),
                    question.image().map(image -> GatewayAnswers.image(images, image)),
                    question.text()));
        }
        return gateway.ask(bench, out);
    }

    private void report(String judge, JudgeFigures figures) throws IOException {
        Files.createDirectories(out);
        JudgeReport report = new JudgeReport(judge, figures);
        ReportFile.write(out.resolve("figures.json"), report.toJson() + "\n");
        ReportFile.write(out.resolve("figures.svg"), report.toSvg());
        System.out.print(figures.table());
    }
}
