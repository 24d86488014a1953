package org.llavacluster.cli.evaluation;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.endpoint.ConcurrentWork;
import org.llavacluster.training.data.ImageFolder;
import org.llavacluster.training.data.UnusableRecordException;
import org.llavacluster.training.evaluation.ExamAnswers;
import org.llavacluster.training.evaluation.ExamAnswers.Asked;
import org.llavacluster.training.scenes.ExamQuestion;

/** Asks a gateway the questions of an exam, several at a time, and keeps the answers. */
public final class ExamRun {

    /** An answer is a word, a phrase or a list of six things. */
    private static final int MOST_TOKENS = 64;

    private final GatewayClient gateway;
    private final ImageFolder images;
    private final ExamAnswers answers;

    public ExamRun(GatewayClient gateway, ImageFolder images, ExamAnswers answers) {
        this.gateway = gateway;
        this.images = images;
        this.answers = answers;
    }

    /**
     * Asks what has no answer yet. The first failure ends the run; answers until then are kept.
     *
     * @param together questions that are asked at once
     * @param progress gets the number of answers that have been given in this run
     * @throws CliException naming the question and the failure
     */
    public void ask(List<Asked> exam, int together, IntConsumer progress) {
        List<Asked> left =
                exam.stream().filter(asked -> answers.of(asked).isEmpty()).toList();
        ConcurrentWork.run(left, together, this::ask, progress);
    }

    private void ask(Asked asked) {
        ExamQuestion question = asked.question();
        try {
            String text = question.question().shortForm();
            answers.add(asked, new GatewayQuestion(Optional.of(image(asked)), text, MOST_TOKENS).ask(gateway));
        } catch (CliException | UnusableRecordException e) {
            throw new CliException(
                    "question " + question.id() + " about " + question.image() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stored at the gateway. */
    private ByteString image(Asked asked) {
        ExamQuestion question = asked.question();
        return asked.seesImage()
                ? gateway.put(images.file(question.image())).getId()
                : gateway.put(GreyImage.of(question.width(), question.height()));
    }
}
