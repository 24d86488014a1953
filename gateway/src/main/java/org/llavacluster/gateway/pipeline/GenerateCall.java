package org.llavacluster.gateway.pipeline;

import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.llavacluster.proto.cluster.v1.DecoderGrpc;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.cluster.v1.GenerateRequest;
import org.llavacluster.proto.cluster.v1.Source;
import org.llavacluster.proto.cluster.v1.Start;

/**
 * One call to a decoder, read at the pace of the request's thread. The next event is requested only after the last one
 * was taken, so a client that does not read stops its decoder through HTTP/2's flow control and nothing accumulates
 * here.
 */
final class GenerateCall implements ClientResponseObserver<GenerateRequest, GenerateEvent>, AutoCloseable {

    private final Runnable wake;

    /** The requested event. */
    private final AtomicReference<GenerateEvent> event = new AtomicReference<>();

    /** Null until the call has ended. */
    private volatile End end;

    /** The decoder has reported that the answer is complete; only the end of the call is left. */
    private volatile boolean answered;

    private ClientCallStreamObserver<GenerateRequest> decoder;

    private GenerateCall(Runnable wake) {
        this.wake = wake;
    }

    /**
     * @param wake called whenever {@link #hasEvent} or {@link #end} may have changed, on a thread of gRPC
     */
    static GenerateCall open(Channel channel, Start start, Duration time, Runnable wake) {
        GenerateCall call = new GenerateCall(wake);
        DecoderGrpc.newStub(channel)
                .withDeadlineAfter(time.toNanos(), TimeUnit.NANOSECONDS)
                .generate(call);
        call.decoder.onNext(GenerateRequest.newBuilder().setStart(start).build());
        return call;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<GenerateRequest> stream) {
        decoder = stream;
        decoder.disableAutoRequestWithInitial(1);
    }

    boolean hasEvent() {
        return event.get() != null;
    }

    /** The current event without taking it; null if there is none. */
    GenerateEvent peek() {
        return event.get();
    }

    /** Takes the current event and requests the next one. */
    GenerateEvent take() {
        GenerateEvent taken = event.getAndSet(null);
        if (end == null) {
            decoder.request(1);
        }
        return taken;
    }

    /** How the call ended, after all its events; null before. */
    End end() {
        return end;
    }

    /** How a call ended. */
    sealed interface End {

        record Completed() implements End {}

        record Broken(Throwable cause) implements End {}
    }

    void answer(Source source) {
        decoder.onNext(GenerateRequest.newBuilder().setSource(source).build());
    }

    @Override
    public void onNext(GenerateEvent told) {
        answered = told.hasCompleted();
        event.set(told);
        wake.run();
    }

    @Override
    public void onError(Throwable error) {
        end = new End.Broken(error);
        wake.run();
    }

    @Override
    public void onCompleted() {
        end = new End.Completed();
        wake.run();
    }

    /** Has the decoder free everything that it holds for the call, if the call has not ended. */
    @Override
    public void close() {
        if (answered) {
            decoder.onCompleted();
        } else if (end == null) {
            decoder.cancel("the request ended", null);
        }
    }
}
