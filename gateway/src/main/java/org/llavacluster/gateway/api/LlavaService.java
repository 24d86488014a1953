package org.llavacluster.gateway.api;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.llavacluster.gateway.failure.Incidents;
import org.llavacluster.gateway.pipeline.RequestOwner;
import org.llavacluster.gateway.pipeline.RequestScope;
import org.llavacluster.gateway.request.EncodedPrompt;
import org.llavacluster.gateway.request.RequestLimits;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.server.CallPeer;
import org.llavacluster.node.trace.CallTrace;
import org.llavacluster.node.trace.RequestId;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.CountTokensRequest;
import org.llavacluster.proto.v1.CountTokensResponse;
import org.llavacluster.proto.v1.Limits;
import org.llavacluster.proto.v1.ListModelsRequest;
import org.llavacluster.proto.v1.ListModelsResponse;
import org.llavacluster.proto.v1.LlavaGrpc;
import org.llavacluster.proto.v1.Model;
import org.llavacluster.proto.v1.PutImageRequest;
import org.llavacluster.proto.v1.PutImageResponse;

/** The public gRPC API. */
public final class LlavaService extends LlavaGrpc.LlavaImplBase {

    private final PublicApi gateway;

    public LlavaService(PublicApi gateway) {
        this.gateway = gateway;
    }

    @Override
    public void chat(ChatRequest request, StreamObserver<ChatEvent> observer) {
        owner(observer).ifPresent(owner -> {
            RequestScope scope = gateway.chat()
                    .arrive(RequestId.current().orElseGet(RequestId::next), owner, askedTime(), CallTrace.current());
            GrpcAnswerSink sink = new GrpcAnswerSink((ServerCallStreamObserver<ChatEvent>) observer, scope);
            gateway.chat().start(scope, () -> GrpcDrafts.draft(request), sink);
        });
    }

    /** For whom the call of the current thread is; empty, and the call has failed, if it cannot be. */
    private Optional<RequestOwner> owner(StreamObserver<?> observer) {
        try {
            return Optional.of(new RequestOwner(
                    CallPeer.current().address(), gateway.tenants().tenant(CallTenant.current())));
        } catch (FailureException e) {
            observer.onError(GrpcFailures.toStatus(e.failure()));
            return Optional.empty();
        }
    }

    private static Optional<Duration> askedTime() {
        Deadline deadline = Context.current().getDeadline();
        return Optional.ofNullable(deadline).map(given -> Duration.ofNanos(given.timeRemaining(TimeUnit.NANOSECONDS)));
    }

    @Override
    public StreamObserver<PutImageRequest> putImage(StreamObserver<PutImageResponse> observer) {
        return owner(observer)
                .<StreamObserver<PutImageRequest>>map(
                        owner -> new ImageUpload((ServerCallStreamObserver<PutImageResponse>) observer, owner, gateway))
                .orElseGet(RefusedUpload::new);
    }

    /** What still comes of an upload whose call has failed. */
    private static final class RefusedUpload implements StreamObserver<PutImageRequest> {

        @Override
        public void onNext(PutImageRequest piece) {}

        @Override
        public void onError(Throwable cancelled) {}

        @Override
        public void onCompleted() {}
    }

    @Override
    public void countTokens(CountTokensRequest request, StreamObserver<CountTokensResponse> observer) {
        owner(observer)
                .ifPresent(owner -> answer(request, observer, counted -> {
                    EncodedPrompt encoded =
                            gateway.parser().encode(owner.tenant(), counted.getModel(), GrpcDrafts.input(counted));
                    return CountTokensResponse.newBuilder()
                            .setPromptTokens(encoded.tokens())
                            .setImageTokens(encoded.imageTokens())
                            .setContextTokens(gateway.parser().contextTokens())
                            .build();
                }));
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
        answer(request, observer, asked -> ListModelsResponse.newBuilder()
                .addModels(Model.newBuilder()
                        .setName(gateway.model().name())
                        .setFamily(gateway.model().family())
                        .setContextTokens(gateway.parser().contextTokens())
                        .setLimits(limits()))
                .build());
    }

    private Limits limits() {
        var limits = gateway.parser().limits();
        return Limits.newBuilder()
                .setMaxImages(limits.maxImages())
                .setMaxImageBytes(limits.image().maxBytes())
                .setMaxImagePixels(limits.image().maxPixels())
                .setMaxMessages(limits.maxMessages())
                .setMaxTextBytes(limits.maxTextBytes())
                .setMaxStopStrings(limits.maxStopStrings())
                .setMaxStopCharacters(limits.maxStopCharacters())
                .setMaxTopLogprobs(limits.maxTopLogprobs())
                .setDefaultMaxTokens(limits.defaultMaxTokens())
                .setDefaultDeadlineMillis(limits.defaultDeadline().toMillis())
                .setMaxDeadlineMillis(limits.maxDeadline().toMillis())
                .setMaxChoices(RequestLimits.MAX_CHOICES)
                .setMaxStopTokenIds(RequestLimits.MAX_STOP_TOKEN_IDS)
                .setMaxBiasedTokens(RequestLimits.MAX_BIASED_TOKENS)
                .build();
    }

    /** Tokenizing a long text takes a while, so it does not run on a thread of the transport. */
    private <Q, A> void answer(Q request, StreamObserver<A> observer, Function<Q, A> work) {
        gateway.threads().execute(() -> {
            A answer;
            try {
                answer = work.apply(request);
            } catch (FailureException e) {
                observer.onError(GrpcFailures.toStatus(e.failure()));
                return;
            } catch (RuntimeException e) {
                observer.onError(GrpcFailures.toStatus(Incidents.report(e).failure()));
                return;
            }
            observer.onNext(answer);
            observer.onCompleted();
        });
    }
}
