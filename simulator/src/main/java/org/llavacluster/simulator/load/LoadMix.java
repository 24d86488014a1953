package org.llavacluster.simulator.load;

import java.util.List;
import java.util.Random;
import org.llavacluster.simulator.RequestMaker.Question;
import org.llavacluster.simulator.history.Universe;

/**
 * What the clients of a load ask.
 *
 * @param images so many different ones are shown; 0 for text only
 * @param imageShare of the requests, one image each
 * @param textTokens of a prompt
 * @param maxTokens most tokens that an answer may have
 * @param answerTokens of an answer
 * @param readNanos time that a client takes to read a token; 0 if it reads them as they come
 * @param timeNanos from the request to its deadline
 */
public record LoadMix(
        int images,
        double imageShare,
        int textTokens,
        int maxTokens,
        int answerTokens,
        long readNanos,
        long timeNanos) {

    /** Text, and some new images. */
    public static final LoadMix CHAT = new LoadMix(1_000_000, 0.3, 256, 64, 30_000_000_000L);

    /** Clients that read as tokens come, of answers that may have twice the tokens that they have. */
    public LoadMix(int images, double imageShare, int textTokens, int answerTokens, long timeNanos) {
        this(images, imageShare, textTokens, 2 * answerTokens, answerTokens, 0, timeNanos);
    }

    public LoadMix withMaxTokens(int other) {
        return new LoadMix(images, imageShare, textTokens, other, answerTokens, readNanos, timeNanos);
    }

    public LoadMix withReadNanos(long other) {
        return new LoadMix(images, imageShare, textTokens, maxTokens, answerTokens, other, timeNanos);
    }

    public LoadMix withTimeNanos(long other) {
        return new LoadMix(images, imageShare, textTokens, maxTokens, answerTokens, readNanos, other);
    }

    Question question(String tenant, Random random) {
        Question text = Question.text(tenant, textTokens, maxTokens, answerTokens, readNanos, timeNanos);
        return random.nextDouble() < imageShare ? text.withImages(List.of(image(random))) : text;
    }

    /** One that can be encoded. */
    private long image(Random random) {
        long image = random.nextInt(images);
        while (Universe.isBroken(image)) {
            image += images;
        }
        return image;
    }
}
