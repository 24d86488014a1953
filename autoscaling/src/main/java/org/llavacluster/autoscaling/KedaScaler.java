package org.llavacluster.autoscaling;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.llavacluster.autoscaling.keda.contract.ExternalScalerGrpc;
import org.llavacluster.autoscaling.keda.contract.GetMetricSpecResponse;
import org.llavacluster.autoscaling.keda.contract.GetMetricsRequest;
import org.llavacluster.autoscaling.keda.contract.GetMetricsResponse;
import org.llavacluster.autoscaling.keda.contract.IsActiveResponse;
import org.llavacluster.autoscaling.keda.contract.MetricSpec;
import org.llavacluster.autoscaling.keda.contract.MetricValue;
import org.llavacluster.autoscaling.keda.contract.ScaledObjectRef;

/**
 * Answers KEDA, which asks for one role with the key {@value #ROLE} of a trigger's metadata. The metric is the number
 * of workers that the role wants, with a target of 1 per pod: so the autoscaler's result is the metric, rounded up.
 */
public final class KedaScaler extends ExternalScalerGrpc.ExternalScalerImplBase {

    /** Key of the trigger's metadata. */
    public static final String ROLE = "role";

    /** Streams that are open at the same time; KEDA keeps one for each trigger. */
    public static final int MAX_STREAMS = 64;

    /** The request of another gateway for what waits at this one: KEDA asks only one of all. */
    public static final GetMetricsRequest QUEUES_OF_THIS_GATEWAY = GetMetricsRequest.newBuilder()
            .setScaledObjectRef(ScaledObjectRef.newBuilder().putScalerMetadata("scope", "gateway"))
            .build();

    /** Metrics of the answer. */
    public static final String QUEUED_TILES = "llava-queued-tiles";

    public static final String QUEUED_REQUESTS = "llava-queued-requests";

    private static final double TARGET = 1;

    /**
     * What waits at this gateway.
     *
     * @param tiles of images that have to be encoded
     * @param requests that will need a decoder
     */
    public record OwnQueues(double tiles, double requests) {}

    private final DemandBoard board;
    private final Supplier<OwnQueues> queues;
    private final AtomicInteger streams = new AtomicInteger();
    private final Set<ActiveStream> open = ConcurrentHashMap.newKeySet();

    /** @param queues of this gateway, without those of others */
    public KedaScaler(DemandBoard board, Supplier<OwnQueues> queues) {
        this.board = board;
        this.queues = queues;
    }

    @Override
    public void isActive(ScaledObjectRef object, StreamObserver<IsActiveResponse> observer) {
        answer(observer, object, role -> active(board.demand(role)));
    }

    @Override
    public void getMetricSpec(ScaledObjectRef object, StreamObserver<GetMetricSpecResponse> observer) {
        answer(observer, object, role -> GetMetricSpecResponse.newBuilder()
                .addMetricSpecs(MetricSpec.newBuilder()
                        .setMetricName(metric(role))
                        .setTargetSize((long) TARGET)
                        .setTargetSizeFloat(TARGET))
                .build());
    }

    @Override
    public void getMetrics(GetMetricsRequest request, StreamObserver<GetMetricsResponse> observer) {
        if (request.equals(QUEUES_OF_THIS_GATEWAY)) {
            OwnQueues own = queues.get();
            observer.onNext(GetMetricsResponse.newBuilder()
                    .addMetricValues(value(QUEUED_TILES, own.tiles()))
                    .addMetricValues(value(QUEUED_REQUESTS, own.requests()))
                    .build());
            observer.onCompleted();
            return;
        }
        answer(observer, request.getScaledObjectRef(), role -> {
            double wanted = board.demand(role).wantedWorkers();
            return GetMetricsResponse.newBuilder()
                    .addMetricValues(value(metric(role), wanted))
                    .build();
        });
    }

    private static MetricValue value(String metric, double value) {
        return MetricValue.newBuilder()
                .setMetricName(metric)
                .setMetricValue((long) Math.ceil(value))
                .setMetricValueFloat(value)
                .build();
    }

    /** Sends the state at once, and then each time that it changes, until KEDA cancels. */
    @Override
    public void streamIsActive(ScaledObjectRef object, StreamObserver<IsActiveResponse> observer) {
        ScaledRole role;
        try {
            role = role(object);
        } catch (StatusRuntimeException e) {
            observer.onError(e);
            return;
        }
        if (streams.incrementAndGet() > MAX_STREAMS) {
            streams.decrementAndGet();
            observer.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("at most " + MAX_STREAMS + " streams may be open")
                    .asRuntimeException());
            return;
        }
        ActiveStream stream = new ActiveStream(role, (ServerCallStreamObserver<IsActiveResponse>) observer);
        stream.open();
    }

    /** Ends the streams that are open, so that KEDA opens others at another gateway. */
    public void endStreams() {
        open.forEach(ActiveStream::end);
    }

    private final class ActiveStream implements DemandBoard.DemandListener {

        private final ScaledRole role;
        private final ServerCallStreamObserver<IsActiveResponse> observer;
        private boolean sent;
        private boolean active;

        ActiveStream(ScaledRole role, ServerCallStreamObserver<IsActiveResponse> observer) {
            this.role = role;
            this.observer = observer;
        }

        void open() {
            observer.setOnCancelHandler(this::close);
            open.add(this);
            board.add(this);
            changed(role, board.demand(role));
        }

        private void close() {
            if (open.remove(this)) {
                board.remove(this);
                streams.decrementAndGet();
            }
        }

        synchronized void end() {
            if (!observer.isCancelled() && open.contains(this)) {
                close();
                observer.onError(Status.UNAVAILABLE
                        .withDescription("the gateway is draining")
                        .asRuntimeException());
            }
        }

        @Override
        public synchronized void changed(ScaledRole of, RoleDemand demand) {
            if (of == role && open.contains(this) && !observer.isCancelled() && (!sent || active != demand.active())) {
                sent = true;
                active = demand.active();
                observer.onNext(KedaScaler.active(demand));
            }
        }
    }

    private static IsActiveResponse active(RoleDemand demand) {
        return IsActiveResponse.newBuilder().setResult(demand.active()).build();
    }

    private static String metric(ScaledRole role) {
        return "llava-wanted-" + role.lowerCase();
    }

    private static <T> void answer(StreamObserver<T> observer, ScaledObjectRef object, Function<ScaledRole, T> answer) {
        try {
            observer.onNext(answer.apply(role(object)));
            observer.onCompleted();
        } catch (StatusRuntimeException e) {
            observer.onError(e);
        }
    }

    private static ScaledRole role(ScaledObjectRef object) {
        String name = object.getScalerMetadataOrDefault(ROLE, "");
        return ScaledRole.named(name).orElseThrow(() -> Status.INVALID_ARGUMENT
                .withDescription("the metadata of the trigger must have " + ROLE + ": vision, projector or decoder"
                        + (name.isEmpty() ? "" : ", not " + shown(name)))
                .asRuntimeException());
    }

    private static String shown(String name) {
        return name.length() <= 20 ? name : name.substring(0, 20) + "...";
    }
}
