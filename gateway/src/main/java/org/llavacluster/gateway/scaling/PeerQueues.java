package org.llavacluster.gateway.scaling;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.ManagedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.llavacluster.autoscaling.KedaScaler;
import org.llavacluster.autoscaling.keda.contract.ExternalScalerGrpc;
import org.llavacluster.autoscaling.keda.contract.GetMetricsResponse;
import org.llavacluster.autoscaling.keda.contract.MetricValue;
import org.llavacluster.node.membership.NodeChannels;

/**
 * What waits at the other gateways: KEDA asks only one of them. Each answer counts for a few seconds, so what waited
 * at a gateway that is gone counts no longer.
 */
public final class PeerQueues implements AutoCloseable {

    private static final Duration VALID = Duration.ofSeconds(3);
    private static final Duration CALL_TIME = Duration.ofSeconds(2);

    private record Known(QueuedWork work, long atNanos) {}

    private final Supplier<List<InetSocketAddress>> peers;
    private final Map<InetSocketAddress, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final Map<InetSocketAddress, Known> known = new ConcurrentHashMap<>();

    /** @param peers gRPC addresses of the other gateways at present */
    public PeerQueues(Supplier<List<InetSocketAddress>> peers) {
        this.peers = peers;
    }

    /** What waits at all of them, as far as is known; and asks them anew. */
    QueuedWork sample(long nowNanos) {
        Set<InetSocketAddress> present = Set.copyOf(peers.get());
        channels.entrySet().removeIf(channel -> {
            boolean gone = !present.contains(channel.getKey());
            if (gone) {
                channel.getValue().shutdownNow();
            }
            return gone;
        });
        known.keySet().retainAll(present);
        present.forEach(peer -> ask(peer, nowNanos));
        return known.values().stream()
                .filter(each -> nowNanos - each.atNanos < VALID.toNanos())
                .map(Known::work)
                .reduce(QueuedWork.NONE, QueuedWork::plus);
    }

    private void ask(InetSocketAddress peer, long nowNanos) {
        ManagedChannel channel =
                channels.computeIfAbsent(peer, address -> NodeChannels.to(address.getHostString(), address.getPort())
                        .build());
        var answer = ExternalScalerGrpc.newFutureStub(channel)
                .withDeadlineAfter(CALL_TIME.toMillis(), TimeUnit.MILLISECONDS)
                .getMetrics(KedaScaler.QUEUES_OF_THIS_GATEWAY);
        Futures.addCallback(
                answer,
                new FutureCallback<GetMetricsResponse>() {
                    @Override
                    public void onSuccess(GetMetricsResponse response) {
                        known.put(peer, new Known(work(response), nowNanos));
                    }

                    @Override
                    public void onFailure(Throwable thrown) {
                        // What it said last counts until it is too old.
                    }
                },
                MoreExecutors.directExecutor());
    }

    private static QueuedWork work(GetMetricsResponse response) {
        return new QueuedWork(value(response, KedaScaler.QUEUED_TILES), value(response, KedaScaler.QUEUED_REQUESTS));
    }

    private static double value(GetMetricsResponse response, String metric) {
        return response.getMetricValuesList().stream()
                .filter(each -> each.getMetricName().equals(metric))
                .mapToDouble(MetricValue::getMetricValueFloat)
                .filter(value -> value >= 0)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
