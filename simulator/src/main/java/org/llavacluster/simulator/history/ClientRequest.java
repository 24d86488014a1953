package org.llavacluster.simulator.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.llavacluster.scheduling.ClusterEvent.Cause;
import org.llavacluster.scheduling.RequestOutcome;
import org.llavacluster.scheduling.RequestSpec;
import org.llavacluster.scheduling.name.ContentDigest;

/** A request of a client, with everything that the client and the workers saw of it. */
public final class ClientRequest {

    /**
     * What the client asks, of which the gateway sees only names and sizes.
     *
     * @param prompt stands for its text, seed and sampling
     * @param images stand for the files, in the order of the spec's images
     * @param answerTokens after so many the model ends the answer
     * @param readNanos time that the client takes to read a token
     * @param poison a decoder dies of it
     */
    public record Content(long prompt, List<Long> images, int answerTokens, long readNanos, boolean poison) {

        public Content {
            images = List.copyOf(images);
        }

        /** The token of that index: what everything that the answer depends on decides, and nothing else. */
        public long token(int index) {
            return token(prompt, images, index);
        }

        public static long token(long prompt, List<Long> images, int index) {
            long mixed = ContentDigest.scramble(prompt);
            for (long image : images) {
                mixed = ContentDigest.scramble(mixed ^ image);
            }
            return ContentDigest.scramble(mixed ^ index);
        }
    }

    /** One call to a decoder. */
    public static final class Attempt {
        public final String decoder;
        public final long epoch;
        public final long startNanos;
        public final int produced;
        public final boolean imagesEncoded;
        public Cause broken; // null if it was not
        public boolean accepted;
        public boolean decoderDied;

        public Attempt(String decoder, long epoch, long startNanos, int produced, boolean imagesEncoded) {
            this.decoder = decoder;
            this.epoch = epoch;
            this.startNanos = startNanos;
            this.produced = produced;
            this.imagesEncoded = imagesEncoded;
        }
    }

    /** The end, as it reached the client. */
    public record End(long nanos, RequestOutcome outcome, int tokensBefore, boolean loaded, boolean queueFull) {}

    public final RequestSpec spec;
    public final Content content;
    public final long submitNanos;
    public final List<Attempt> attempts = new ArrayList<>();
    public final List<End> ends = new ArrayList<>();
    public long cancelNanos = Long.MAX_VALUE;
    public long firstTokenNanos = -1;
    public boolean probe; // submitted after all faults were healed

    private int[] indices = new int[8];
    private long[] tokens = new long[8];
    private int received;

    public ClientRequest(RequestSpec spec, Content content, long submitNanos) {
        this.spec = spec;
        this.content = content;
        this.submitNanos = submitNanos;
    }

    public void receive(long nanos, int index, long token) {
        if (received == indices.length) {
            indices = Arrays.copyOf(indices, 2 * received);
            tokens = Arrays.copyOf(tokens, 2 * received);
        }
        if (received == 0) {
            firstTokenNanos = nanos;
        }
        indices[received] = index;
        tokens[received++] = token;
    }

    public int received() {
        return received;
    }

    public int index(int position) {
        return indices[position];
    }

    public long token(int position) {
        return tokens[position];
    }

    public boolean ended() {
        return !ends.isEmpty();
    }

    public boolean completed() {
        return ended() && ends.getFirst().outcome() instanceof RequestOutcome.Completed;
    }
}
