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

    /**
     * @param executor runs the short tasks of all calls; those of one call run one after the other
     */
    public GenerateService(GenerateParts parts, Executor executor) {
        this.parts = parts;
        this.executor = executor;
    }

    @Override
    public StreamObserver<GenerateRequest> generate(StreamObserver<GenerateEvent> reader) {
        return new GenerateServerCall(
                parts, (ServerCallStreamObserver<GenerateEvent>) reader, MoreExecutors.newSequentialExecutor(executor));
    }
}
