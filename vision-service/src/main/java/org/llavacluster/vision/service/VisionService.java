package org.llavacluster.vision.service;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.server.CallPeer;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.EncodeResult;
import org.llavacluster.proto.cluster.v1.VisionGrpc;
import org.llavacluster.vision.upload.EncodeIntake;
import org.llavacluster.vision.upload.EncodeServerCall;
import org.llavacluster.vision.upload.UploadClock;

/** The Vision service without its pulls, which {@link FeatureSource} answers. */
final class VisionService extends VisionGrpc.VisionImplBase {

    /** Deadline of a call without one. */
    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);

    private final EncodeIntake intake;
    private final UploadClock clock;

    VisionService(EncodeIntake intake, UploadClock clock) {
        this.intake = intake;
        this.clock = clock;
    }

    @Override
    public StreamObserver<EncodeRequest> encode(StreamObserver<EncodeResult> client) {
        return EncodeServerCall.start(
                intake, clock, deadlineNanos(), CallPeer.current(), (ServerCallStreamObserver<EncodeResult>) client);
    }

    private long deadlineNanos() {
        Deadline deadline = Context.current().getDeadline();
        long left = deadline == null ? LONGEST_CALL.toNanos() : deadline.timeRemaining(TimeUnit.NANOSECONDS);
        return clock.clock().nanoTime() + left;
    }
}
