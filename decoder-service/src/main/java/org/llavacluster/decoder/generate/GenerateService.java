package org.llavacluster.decoder.generate;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.llavacluster.decoder.loop.DecoderLoop;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.proto.cluster.v1.DecoderGrpc;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.cluster.v1.GenerateRequest;

/** The decoder's gRPC service. */
public final class GenerateService extends DecoderGrpc.DecoderImplBase {

    /** How long a call may wait for its first message. */
    static final Duration START_WITHIN = Duration.ofSeconds(10);

    private final GenerationParser parser;
    private final EmbeddingPuller puller;
    private final DecoderLoop loop;
    private final ScheduledExecutorService timers;
    private final Clock clock;
    private final NodeTracing tracing;
    private final Executor executor;
    private final OpenCalls calls = new OpenCalls();

    /**
     * @param timers runs short tasks
     * @param executor runs the short tasks of all calls; those of one call run one after the other
     */
    public GenerateService(
            GenerationParser parser,
            EmbeddingPuller puller,
            DecoderLoop loop,
            ScheduledExecutorService timers,
            Clock clock,
            NodeTracing tracing,
            Executor executor) {
        this.parser = parser;
        this.puller = puller;
        this.loop = loop;
        this.timers = timers;
        this.clock = clock;
        this.tracing = tracing;
        this.executor = executor;
    }

    @Override
    public StreamObserver<GenerateRequest> generate(StreamObserver<GenerateEvent> reader) {
        GenerateServerCall call = new GenerateServerCall(
                this, (ServerCallStreamObserver<GenerateEvent>) reader, MoreExecutors.newSequentialExecutor(executor));
        calls.add(call);
        return call;
    }

    /**
     * The decoder drains: running requests, and those that still come, go on at another decoder, as far as their
     * callers allow. Does not block.
     */
    public void moveElsewhere() {
        calls.moveElsewhere();
    }

    GenerationParser parser() {
        return parser;
    }

    EmbeddingPuller puller() {
        return puller;
    }

    DecoderLoop loop() {
        return loop;
    }

    ScheduledExecutorService timers() {
        return timers;
    }

    Clock clock() {
        return clock;
    }

    NodeTracing tracing() {
        return tracing;
    }

    OpenCalls calls() {
        return calls;
    }
}
