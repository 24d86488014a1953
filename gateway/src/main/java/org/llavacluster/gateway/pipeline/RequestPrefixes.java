package org.llavacluster.gateway.pipeline;

import com.google.protobuf.ByteString;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.modelio.prompt.Prompt;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.name.PromptPrefixes;

/**
 * Names the beginnings of a prompt, so that requests that begin alike go where that beginning was computed. The names
 * are hashes of 64 bits: two prompts with equal ones are at worst sent to the same decoder, which compares the content
 * itself.
 */
final class RequestPrefixes {

    private static final int BLOCK_TOKENS = 64;

    private final long[] digests;
    private int tokens;
    private long mixed;

    private RequestPrefixes(int promptTokens, long salt) {
        this.digests = new long[promptTokens / BLOCK_TOKENS];
        this.mixed = salt;
    }

    /** @param salt of the tenant */
    static PromptPrefixes of(ValidRequest request, ByteString salt) {
        RequestPrefixes prefixes = new RequestPrefixes(request.promptTokens(), mix(0, salt));
        for (Prompt.Segment segment : request.prompt().segments()) {
            switch (segment) {
                case Prompt.Tokens(int[] ids) -> {
                    for (int id : ids) {
                        prefixes.add(id);
                    }
                }
                case Prompt.Image(int index) -> {
                    var image = request.images().get(index).stored();
                    long name = mix(-1, image.id().digest());
                    for (int row = 0; row < image.rows(); row++) {
                        prefixes.add(name);
                    }
                }
            }
        }
        return new PromptPrefixes(BLOCK_TOKENS, prefixes.digests);
    }

    private void add(long content) {
        mixed = ContentDigest.scramble(mixed ^ content);
        tokens++;
        if (tokens % BLOCK_TOKENS == 0) {
            digests[tokens / BLOCK_TOKENS - 1] = mixed;
        }
    }

    private static long mix(long seed, ByteString bytes) {
        long mixed = seed;
        for (int i = 0; i < bytes.size(); i++) {
            mixed = ContentDigest.scramble(mixed ^ bytes.byteAt(i));
        }
        return mixed;
    }
}
