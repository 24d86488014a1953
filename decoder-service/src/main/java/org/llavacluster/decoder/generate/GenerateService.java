package org.llavacluster.decoder.generate;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import org.llavacluster.proto.cluster.v1.DecoderGrpc;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.cluster.v1.GenerateRequest;

/** The decoder's gRPC service. */
public final class GenerateService extends DecoderGrpc.DecoderImplBase {

    private final GenerateParts parts;
    private final Executor executor;
    private final OpenCalls calls = new OpenCalls();

    /**
     * @param executor runs the short tasks of all calls; those of one call run one after the other
     */
    public GenerateService(GenerateParts parts, Executor executor) {
        this.parts = parts;
        this.executor = executor;
    }

    @Override
    public StreamObserver<GenerateRequest> generate(StreamObserver<GenerateEvent> reader) {
        GenerateServerCall call = new GenerateServerCall(
                parts,
                calls,
                (ServerCallStreamObserver<GenerateEvent>) reader,
                MoreExecutors.newSequentialExecutor(executor));
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
}
