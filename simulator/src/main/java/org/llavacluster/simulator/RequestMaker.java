package org.llavacluster.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.llavacluster.scheduling.RequestSpec;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.name.PromptPrefixes;
import org.llavacluster.simulator.history.ClientRequest;
import org.llavacluster.simulator.history.Universe;

/** Makes requests of clients: the sizes are given, the names follow from content and tenant. */
public final class RequestMaker {

    public static final int ROWS_PER_TILE = 576;

    private static final int BLOCK_TOKENS = 64;

    private final Random random;
    private final UnaryOperator<String> tenantKeys;
    private long ids;

    /** @param tenantKeys key of a tenant, of which all names of its content are made */
    public RequestMaker(Random random, UnaryOperator<String> tenantKeys) {
        this.random = random;
        this.tenantKeys = tenantKeys;
    }

    /**
     * What a client asks.
     *
     * @param images stand in front of the text: prompts with the same ones begin alike
     * @param textTokens of its prompt, of which the first {@code sharedTokens} are the same in all requests of the
     *     tenant
     * @param readNanos time that the client takes to read a token; 0 if it reads them as they come
     */
    public record Question(
            String tenant,
            int priority,
            List<Long> images,
            int sharedTokens,
            int textTokens,
            int maxTokens,
            int answerTokens,
            long readNanos,
            long timeNanos,
            boolean poison) {

        public static Question text(String tenant, int textTokens, int answerTokens, long timeNanos) {
            return text(tenant, textTokens, 2 * answerTokens, answerTokens, 0, timeNanos);
        }

        public static Question text(
                String tenant, int textTokens, int maxTokens, int answerTokens, long readNanos, long timeNanos) {
            return new Question(
                    tenant, 0, List.of(), 0, textTokens, maxTokens, answerTokens, readNanos, timeNanos, false);
        }

        public Question withImages(List<Long> other) {
            return new Question(
                    tenant,
                    priority,
                    other,
                    sharedTokens,
                    textTokens,
                    maxTokens,
                    answerTokens,
                    readNanos,
                    timeNanos,
                    poison);
        }
    }

    public ClientRequest make(long nowNanos, Question question) {
        return make(nowNanos, question, random.nextLong());
    }

    /** @param prompt stands for the text */
    public ClientRequest make(long nowNanos, Question question, long prompt) {
        String key = tenantKeys.apply(question.tenant());
        List<ImageSpec> images = new ArrayList<>();
        int rows = 0;
        for (long image : question.images()) {
            int tiles = Universe.tiles(image);
            images.add(new ImageSpec(
                    Universe.featureKey(key, image, SimulatedCluster.REVISION), tiles, tiles * ROWS_PER_TILE));
            rows += tiles * ROWS_PER_TILE;
        }
        RequestSpec spec = new RequestSpec(
                ids++,
                question.tenant(),
                question.priority(),
                nowNanos + question.timeNanos(),
                question.textTokens() + rows,
                question.maxTokens(),
                images,
                prefixes(key, question, rows, prompt),
                Universe.requestDigest(prompt),
                new RequestSpec.Models(
                        SimulatedCluster.REVISION, SimulatedCluster.REVISION, SimulatedCluster.REVISION));
        return new ClientRequest(
                spec,
                new ClientRequest.Content(
                        prompt, question.images(), question.answerTokens(), question.readNanos(), question.poison()),
                nowNanos);
    }

    /** Shared text first, then images, then what is the request's own. */
    private static PromptPrefixes prefixes(String key, Question question, int rows, long prompt) {
        long salt = ContentDigest.scramble(key.hashCode());
        long images = salt;
        for (long image : question.images()) {
            images = ContentDigest.scramble(images ^ image);
        }
        int tokens = question.textTokens() + rows;
        long[] digests = new long[tokens / BLOCK_TOKENS];
        long mixed = salt;
        for (int block = 0; block < digests.length; block++) {
            int end = (block + 1) * BLOCK_TOKENS;
            long part = end <= question.sharedTokens()
                    ? 1
                    : end <= question.sharedTokens() + rows ? images : ContentDigest.scramble(prompt);
            mixed = ContentDigest.scramble(mixed ^ part);
            digests[block] = mixed;
        }
        return new PromptPrefixes(BLOCK_TOKENS, digests);
    }
}
