package org.llavacluster.cli.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.endpoint.ConcurrentWork;
import org.llavacluster.cli.endpoint.EndpointException;
import org.llavacluster.cli.endpoint.EndpointMessage;
import org.llavacluster.cli.endpoint.LanguageModelEndpoint;
import org.llavacluster.training.data.WorkJournal;
import org.llavacluster.training.evaluation.JudgePrompt;
import org.llavacluster.training.evaluation.JudgedQuestion;
import org.llavacluster.training.evaluation.ReviewScores;

/** Asks a judge to compare answers with the reference's, several at a time, and keeps the reviews. */
public final class JudgeRun {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** As in the published evaluation. */
    private static final int MOST_TOKENS = 1024;

    /** Requests for a reply with two scores. */
    private static final int ATTEMPTS = 3;

    private final LanguageModelEndpoint judge;
    private final WorkJournal reviews;

    /** Which answer the judge reads first. */
    private enum Order {
        REFERENCE_FIRST,
        MODEL_FIRST
    }

    private record Review(JudgedQuestion question, Order order) {

        String key() {
            return question.id() + (order == Order.REFERENCE_FIRST ? "" : "-model-first");
        }
    }

    /**
     * @param reviews with the key {@code review_id}
     */
    public JudgeRun(LanguageModelEndpoint judge, WorkJournal reviews) {
        this.judge = judge;
        this.reviews = reviews;
    }

    /**
     * Asks for the reviews that are missing. The first failure ends the run; reviews until then are kept.
     *
     * @param answers of the judged model, by question
     * @param bothOrders whether each question is judged a second time with the model's answer first
     * @param progress gets the number of reviews that have been written in this run
     * @return all reviews, in the order of the questions
     * @throws CliException naming the question and the failure
     */
    public List<JsonNode> review(
            List<JudgedQuestion> questions,
            Map<String, String> answers,
            boolean bothOrders,
            int together,
            IntConsumer progress) {
        List<Review> all = new ArrayList<>();
        for (JudgedQuestion question : questions) {
            all.add(new Review(question, Order.REFERENCE_FIRST));
            if (bothOrders) {
                all.add(new Review(question, Order.MODEL_FIRST));
            }
        }
        List<Review> left = all.stream()
                .filter(review -> reviews.of(review.key()).isEmpty())
                .toList();
        ConcurrentWork.run(
                left,
                together,
                review -> write(review, answers.get(review.question().id())),
                progress);
        return all.stream()
                .map(review -> reviews.of(review.key()).orElseThrow())
                .toList();
    }

    private void write(Review review, String answer) {
        try {
            String reply = reply(review, answer);
            ReviewScores scores = scores(review, reply);
            ObjectNode line = JSON.createObjectNode();
            line.put("review_id", review.key());
            line.put("question_id", review.question().id());
            line.put("category", review.question().category());
            line.put("reference_first", review.order() == Order.REFERENCE_FIRST);
            line.put("content", reply);
            line.putArray("tuple").add(scores.first()).add(scores.second());
            reviews.add(line);
        } catch (EndpointException e) {
            throw new CliException("question " + review.question().id() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first reply with two scores, or the last one. */
    private String reply(Review review, String answer) {
        JudgedQuestion question = review.question();
        String prompt = review.order() == Order.REFERENCE_FIRST
                ? JudgePrompt.of(question, question.reference(), answer)
                : JudgePrompt.of(question, answer, question.reference());
        List<EndpointMessage> messages =
                List.of(EndpointMessage.system(JudgePrompt.SYSTEM), EndpointMessage.user(prompt));
        String reply = judge.ask(messages, MOST_TOKENS).text();
        for (int attempt = 1; attempt < ATTEMPTS && !ReviewScores.of(reply).areUsable(); attempt++) {
            reply = judge.ask(messages, MOST_TOKENS).text();
        }
        return reply;
    }

    /** The reference's score first, whatever the judge read first. */
    private static ReviewScores scores(Review review, String reply) {
        ReviewScores scores = ReviewScores.of(reply);
        if (!scores.areUsable()) {
            return ReviewScores.FAILED;
        }
        return review.order() == Order.REFERENCE_FIRST ? scores : new ReviewScores(scores.second(), scores.first());
    }
}
