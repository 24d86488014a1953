package org.llavacluster.gateway.fake;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.LlavaGrpc;
import org.llavacluster.proto.v1.Started;

/** A client of Chat that keeps all events and checks that the call ends once and in the order of the contract. */
public final class Answer implements ClientResponseObserver<ChatRequest, ChatEvent> {

    private final List<ChatEvent> events = new ArrayList<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final int reads;
    private ClientCallStreamObserver<ChatRequest> call;
    private Status end;

    private Answer(int reads) {
        this.reads = reads;
    }

    public static Answer to(LlavaGrpc.LlavaStub gateway, ChatRequest request) {
        return reading(gateway, request, Integer.MAX_VALUE);
    }

    /** Reads that many events, and no more until {@link #readOn}. */
    public static Answer reading(LlavaGrpc.LlavaStub gateway, ChatRequest request, int reads) {
        Answer answer = new Answer(reads);
        gateway.chat(request, answer);
        return answer;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ChatRequest> stream) {
        call = stream;
        call.disableAutoRequestWithInitial(reads);
    }

    public void readOn() {
        call.request(Integer.MAX_VALUE);
    }

    public void cancel() {
        call.cancel("the test went away", null);
    }

    @Override
    public synchronized void onNext(ChatEvent event) {
        events.add(event);
        if (event.hasStarted()) {
            started.countDown();
        }
    }

    @Override
    public void onError(Throwable t) {
        end(Status.fromThrowable(t));
    }

    @Override
    public void onCompleted() {
        end(Status.OK);
    }

    private synchronized void end(Status status) {
        if (end != null) {
            throw new AssertionError("ended twice");
        }
        end = status;
        started.countDown();
        ended.countDown();
    }

    public Answer awaitStarted() {
        await(started);
        return this;
    }

    public Status status() {
        await(ended);
        synchronized (this) {
            return end;
        }
    }

    /** Waits for the end, which must be OK. */
    public Answer succeeded() {
        Status status = status();
        if (!status.isOk()) {
            throw new AssertionError("ended with " + status);
        }
        List<String> kinds = events().stream()
                .map(event -> event.getEventCase().name().substring(0, 1))
                .toList();
        if (!String.join("", kinds).matches("S[DC]*F")) {
            throw new AssertionError("events in the order " + kinds);
        }
        return this;
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing within 30 s");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public synchronized List<ChatEvent> events() {
        return List.copyOf(events);
    }

    public Started started() {
        return events().getFirst().getStarted();
    }

    public List<Delta> deltas() {
        return events().stream()
                .filter(ChatEvent::hasDelta)
                .map(ChatEvent::getDelta)
                .toList();
    }

    public String text() {
        return deltas().stream().map(Delta::getText).collect(Collectors.joining());
    }

    public List<Integer> ids(int choice) {
        return deltas().stream()
                .filter(delta -> delta.getChoice() == choice)
                .flatMap(delta -> delta.getTokenIdsList().stream())
                .toList();
    }

    public List<Integer> ids() {
        return deltas().stream()
                .flatMap(delta -> delta.getTokenIdsList().stream())
                .toList();
    }

    public Finished finished() {
        return events().getLast().getFinished();
    }
}
