package org.llavacluster.scheduling;

import java.util.List;
import java.util.Objects;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.name.PromptPrefixes;

/**
 * A request as the scheduler sees it: sizes and names, no content.
 *
 * @param id never used before
 * @param priority among the requests of its tenant; higher goes first
 * @param promptTokens image tokens included
 * @param maxTokens most tokens of the answer
 * @param images each FeatureKey once
 * @param prefixes of the prompt
 * @param digest of everything that decides what a worker does with the request: equal ones do the same
 * @param models revisions for which the FeatureKeys hold
 * @param further whether it is one more choice of a request that runs already: it takes no place of requests among
 *     those that run or wait
 */
public record RequestSpec(
        long id,
        String tenant,
        int priority,
        long deadlineNanos,
        int promptTokens,
        int maxTokens,
        List<ImageSpec> images,
        PromptPrefixes prefixes,
        ContentDigest digest,
        Models models,
        boolean further) {

    /**
     * Identities of the workers that may serve the request.
     *
     * @param vision of the vision nodes; of no meaning without images
     * @param projector of the projector nodes; of no meaning without images
     * @param decoder of the decoders
     */
    public record Models(String vision, String projector, String decoder) {}

    /** The first choice of a request. */
    public RequestSpec(
            long id,
            String tenant,
            int priority,
            long deadlineNanos,
            int promptTokens,
            int maxTokens,
            List<ImageSpec> images,
            PromptPrefixes prefixes,
            ContentDigest digest,
            Models models) {
        this(id, tenant, priority, deadlineNanos, promptTokens, maxTokens, images, prefixes, digest, models, false);
    }

    /** The same for a further choice. */
    public RequestSpec asFurther() {
        return new RequestSpec(
                id, tenant, priority, deadlineNanos, promptTokens, maxTokens, images, prefixes, digest, models, true);
    }

    public RequestSpec {
        images = List.copyOf(images);
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(digest, "digest");
        if (promptTokens < 1 || maxTokens < 1) {
            throw new IllegalArgumentException(
                    "a request of " + promptTokens + " prompt tokens, at most " + maxTokens + " of an answer");
        }
        if (images.stream().map(ImageSpec::featureKey).distinct().count() != images.size()) {
            throw new IllegalArgumentException("a FeatureKey stands twice in request " + id);
        }
    }

    public int tiles() {
        return images.stream().mapToInt(ImageSpec::tiles).sum();
    }
}
