package org.llavacluster.vision.service;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.EncodeResult;
import org.llavacluster.proto.cluster.v1.VisionGrpc;
import org.llavacluster.vision.upload.EncodeCall;
import org.llavacluster.vision.upload.ImageIntake;
import org.llavacluster.vision.upload.UploadClock;

/** The Vision service, but for its pulls, which a {@link FeatureSource} answers. */
final class VisionService extends VisionGrpc.VisionImplBase {

    /** Of a call that names none. */
    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);

    private final ImageIntake intake;
    private final UploadClock clock;

    VisionService(ImageIntake intake, UploadClock clock) {
        this.intake = intake;
        this.clock = clock;
    }

    @Override
    public StreamObserver<EncodeRequest> encode(StreamObserver<EncodeResult> client) {
        return EncodeCall.start(intake, clock, deadlineNanos(), (ServerCallStreamObserver<EncodeResult>) client);
    }

    private long deadlineNanos() {
        Deadline deadline = Context.current().getDeadline();
        long left = deadline == null ? LONGEST_CALL.toNanos() : deadline.timeRemaining(TimeUnit.NANOSECONDS);
        return clock.clock().nanoTime() + left;
    }
}
