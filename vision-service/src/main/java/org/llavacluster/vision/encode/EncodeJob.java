package org.llavacluster.vision.encode;

import com.google.protobuf.ByteString;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.metrics.Departure;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.node.tensor.PendingTensor;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.proto.cluster.v1.VisionGrpc;

/** One image to encode. It ends once and then releases what it holds. */
public final class EncodeJob {

    private final Requester requester;
    private final ByteString key;
    private final byte[] file;
    private final long drawnPixels;
    private final int width;
    private final int height;
    private final ImageLayout layout;
    private final SpanContext caller;
    private final PendingTensor pending;
    private final Runnable onEnd;
    private final Departure departure = new Departure();
    private volatile Span span = Span.getInvalid();
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * @param requester the requester whose turns the image takes
     * @param key key of the features
     * @param file the encoded image
     * @param drawnPixels pixels that the decoder must compute, at least 1
     * @param width announced width, as the model sees the image
     * @param height announced height, as the model sees the image
     * @param caller span of the request that the image is encoded for; invalid without one
     * @param pending the features to compute
     * @param onEnd releases what the job holds
     */
    public EncodeJob(
            Requester requester,
            ByteString key,
            byte[] file,
            long drawnPixels,
            int width,
            int height,
            ImageLayout layout,
            SpanContext caller,
            PendingTensor pending,
            Runnable onEnd) {
        this.requester = requester;
        this.key = key;
        this.file = file;
        this.drawnPixels = drawnPixels;
        this.width = width;
        this.height = height;
        this.layout = layout;
        this.caller = caller;
        this.pending = pending;
        this.onEnd = onEnd;
    }

    Requester requester() {
        return requester;
    }

    long drawnPixels() {
        return drawnPixels;
    }

    ByteString key() {
        return key;
    }

    byte[] file() {
        return file;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    ImageLayout layout() {
        return layout;
    }

    /** False when no call waits for the features any more. */
    boolean wanted() {
        return pending.isWanted();
    }

    /** Opens the job's span, and from now on notes when the last call leaves that waits for the features. Once. */
    void begin(NodeTracing tracing, Clock clock) {
        span = tracing.begin(VisionGrpc.getEncodeMethod().getFullMethodName(), SpanKind.SERVER, caller);
        span.setAttribute("llava.image.tiles", layout.tiles());
        pending.onAbandoned(() -> departure.at(clock.nanoTime()));
    }

    /** The span that the stages of the job belong to. */
    SpanContext trace() {
        return span.getSpanContext();
    }

    /** When nothing waited for the features any more. */
    Departure departure() {
        return departure;
    }

    void complete(CachedTensor features) {
        pending.complete(features);
        end();
    }

    void fail(Failure failure) {
        pending.fail(failure);
        span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
        end();
    }

    /** Ends a job that no call waits for. */
    void drop() {
        pending.absent();
        end();
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            onEnd.run();
            span.end();
        }
    }
}
