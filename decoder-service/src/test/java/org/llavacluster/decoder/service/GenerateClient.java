package org.llavacluster.decoder.service;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.llavacluster.proto.cluster.v1.Accepted;
import org.llavacluster.proto.cluster.v1.Completed;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.cluster.v1.GenerateRequest;
import org.llavacluster.proto.cluster.v1.Logprobs;
import org.llavacluster.proto.cluster.v1.Missing;
import org.llavacluster.proto.cluster.v1.Source;

/** The client side of one call of Generate. Checks that indices have no gap and that Accepted comes first. */
final class GenerateClient implements ClientResponseObserver<GenerateRequest, GenerateEvent> {

    private static final int READ_ALL = Integer.MAX_VALUE;

    /** More than enough for a busy machine. */
    private static final long PATIENCE_SECONDS = 60;

    final List<Integer> ids = new ArrayList<>();
    final List<Logprobs> logprobs = new ArrayList<>();
    private final int produced;
    private final boolean slow;
    private final BlockingQueue<Missing> missing = new LinkedBlockingQueue<>();
    private final CompletableFuture<Accepted> accepted = new CompletableFuture<>();
    private final CompletableFuture<Integer> firstToken = new CompletableFuture<>();
    private final CompletableFuture<Void> moved = new CompletableFuture<>();
    private final CompletableFuture<Completed> completed = new CompletableFuture<>();
    private ClientCallStreamObserver<GenerateRequest> requests;

    /**
     * @param slow reads nothing until {@link #readOn}
     */
    GenerateClient(int produced, boolean slow) {
        this.produced = produced;
        this.slow = slow;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<GenerateRequest> stream) {
        requests = stream;
        if (slow) {
            stream.disableAutoRequestWithInitial(0);
        }
    }

    @Override
    public void onNext(GenerateEvent event) {
        switch (event.getEventCase()) {
            case ACCEPTED -> accepted.complete(event.getAccepted());
            case TOKENS -> {
                if (!accepted.isDone() || event.getTokens().getFirstIndex() != produced + ids.size()) {
                    throw new IllegalStateException(
                            "token " + event.getTokens().getFirstIndex() + " after " + (produced + ids.size()));
                }
                ids.addAll(event.getTokens().getIdsList());
                logprobs.addAll(event.getTokens().getLogprobsList());
                firstToken.complete(ids.getFirst());
            }
            case MISSING -> missing.add(event.getMissing());
            case MOVED -> moved.complete(null);
            case COMPLETED -> completed.complete(event.getCompleted());
            case EVENT_NOT_SET -> throw new IllegalStateException("an event of no kind");
        }
    }

    @Override
    public void onError(Throwable thrown) {
        accepted.completeExceptionally(thrown);
        firstToken.completeExceptionally(thrown);
        completed.completeExceptionally(thrown);
    }

    @Override
    public void onCompleted() {
        completed.completeExceptionally(new IllegalStateException("the stream ended without Completed"));
    }

    void readOn() {
        requests.request(READ_ALL);
    }

    void read(int events) {
        requests.request(events);
    }

    void send(Source source) {
        requests.onNext(GenerateRequest.newBuilder().setSource(source).build());
    }

    void halfClose() {
        requests.onCompleted();
    }

    void cancel() {
        requests.cancel("the test cancels", null);
    }

    Missing awaitMissing() throws Exception {
        Missing first = missing.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (first == null) {
            throw new IllegalStateException("Missing was not received");
        }
        return first;
    }

    void awaitMoved() throws Exception {
        moved.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    Accepted awaitAccepted() throws Exception {
        return accepted.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void awaitFirstToken() throws Exception {
        firstToken.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    Completed await() throws Exception {
        return completed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The ids of an answer that completed. */
    List<Integer> awaitIds() throws Exception {
        await();
        return ids;
    }

    /** The status of a call that failed. */
    Status awaitStatus() throws Exception {
        try {
            throw new IllegalStateException("completed: " + await());
        } catch (ExecutionException e) {
            return ((StatusRuntimeException) e.getCause()).getStatus();
        }
    }
}
