package org.llavacluster.autoscaling.keda;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.llavacluster.autoscaling.DemandBoard;
import org.llavacluster.autoscaling.RoleDemand;
import org.llavacluster.autoscaling.ScaledRole;
import org.llavacluster.autoscaling.keda.contract.ExternalScalerGrpc;
import org.llavacluster.autoscaling.keda.contract.GetMetricSpecResponse;
import org.llavacluster.autoscaling.keda.contract.GetMetricsRequest;
import org.llavacluster.autoscaling.keda.contract.GetMetricsResponse;
import org.llavacluster.autoscaling.keda.contract.IsActiveResponse;
import org.llavacluster.autoscaling.keda.contract.MetricSpec;
import org.llavacluster.autoscaling.keda.contract.MetricValue;
import org.llavacluster.autoscaling.keda.contract.ScaledObjectRef;

/**
 * Answers KEDA, which asks for one role with the key {@value #ROLE} of a trigger's metadata. The metric is the number of
 * workers that the role wants, with a target of 1 per pod: so the autoscaler's result is the metric, rounded up.
 */
public final class KedaScaler extends ExternalScalerGrpc.ExternalScalerImplBase {

    /** Key of the trigger's metadata. */
    public static final String ROLE = "role";

    /** Streams that are open at the same time; KEDA keeps one for each trigger. */
    public static final int MAX_STREAMS = 64;

    private static final double TARGET = 1;

    private final DemandBoard board;
    private final AtomicInteger streams = new AtomicInteger();

    public KedaScaler(DemandBoard board) {
        this.board = board;
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
        answer(observer, request.getScaledObjectRef(), role -> {
            double wanted = board.demand(role).wantedWorkers();
            return GetMetricsResponse.newBuilder()
                    .addMetricValues(MetricValue.newBuilder()
                            .setMetricName(metric(role))
                            .setMetricValue((long) Math.ceil(wanted))
                            .setMetricValueFloat(wanted))
                    .build();
        });
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
            board.add(this);
            changed(role, board.demand(role));
        }

        private void close() {
            board.remove(this);
            streams.decrementAndGet();
        }

        @Override
        public synchronized void changed(ScaledRole of, RoleDemand demand) {
            if (of == role && !observer.isCancelled() && (!sent || active != demand.active())) {
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
