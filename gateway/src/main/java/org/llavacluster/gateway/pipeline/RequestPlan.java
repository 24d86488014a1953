package org.llavacluster.gateway.pipeline;

import java.util.List;
import org.llavacluster.gateway.dispatch.DispatchedRequest;
import org.llavacluster.gateway.placement.Serving;
import org.llavacluster.gateway.placement.TensorKeys;
import org.llavacluster.gateway.request.RequestLimits;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.scheduling.RequestSpec;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.name.PromptPrefixes;

/** What the scheduler is told of a request: once for each of its choices. */
final class RequestPlan {

    private final RequestScope scope;
    private final ValidRequest request;
    private final ChatParts parts;
    private final RequestImages images;
    private final RequestSpec.Models models;
    private final PromptPrefixes prefixes;
    private final ContentDigest digest;

    private RequestPlan(
            RequestScope scope,
            ValidRequest request,
            ChatParts parts,
            RequestImages images,
            RequestSpec.Models models,
            TensorKeys keys) {
        this.scope = scope;
        this.request = request;
        this.parts = parts;
        this.images = images;
        this.models = models;
        this.prefixes = RequestPrefixes.of(request, keys.prefixSalt());
        this.digest = ContentDigest.of(RequestDigest.of(request).toByteArray());
    }

    /** @throws FailureException {@link Failure.Unavailable} if workers that it needs are not there */
    static RequestPlan of(RequestScope scope, ValidRequest request, ChatParts parts, TensorKeys keys) {
        boolean text = request.images().isEmpty();
        return switch (parts.serving().get()) {
            case Serving.NotReady(String reason) -> throw unavailable(reason);
            case Serving.TextOnly(var decoders, String reason) -> {
                if (!text) {
                    throw unavailable("images cannot be answered now: " + reason);
                }
                yield new RequestPlan(
                        scope,
                        request,
                        parts,
                        RequestImages.none(),
                        new RequestSpec.Models(
                                "", "", Serving.identity(decoders.getFirst().description())),
                        keys);
            }
            case Serving.Ready ready ->
                new RequestPlan(
                        scope,
                        request,
                        parts,
                        RequestImages.of(request.images(), ready, keys, scope),
                        new RequestSpec.Models(
                                Serving.identity(ready.vision()),
                                Serving.identity(ready.projector()),
                                Serving.identity(ready.decoder())),
                        keys);
        };
    }

    private static FailureException unavailable(String reason) {
        return new FailureException(new Failure.Unavailable(reason));
    }

    RequestImages images() {
        return images;
    }

    /**
     * Gives one choice to the scheduler. All but the first go after every other request of the tenant. A full queue
     * drops them for a request that comes, and they are submitted again.
     */
    DispatchedRequest submit(int choice) {
        long deadline = scope.now() + scope.remaining().toNanos();
        int priority = choice == 0 ? request.priority() : -RequestLimits.MAX_PRIORITY - 1;
        return parts.dispatcher()
                .submit(
                        id -> {
                            RequestSpec spec = spec(id, priority, deadline);
                            return choice == 0 ? spec : spec.asFurther();
                        },
                        images.dispatched(),
                        scope::wake);
    }

    private RequestSpec spec(long id, int priority, long deadlineNanos) {
        return new RequestSpec(
                id,
                scope.owner().tenant(),
                priority,
                deadlineNanos,
                request.promptTokens(),
                request.ending().maxTokens(),
                List.copyOf(images.specs()),
                prefixes,
                digest,
                models);
    }
}
