package org.llavacluster.node.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.membership.ChannelPool;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.membership.MovableMembership;
import org.llavacluster.node.membership.WorkerEpoch;
import org.llavacluster.node.server.CallGate;
import org.llavacluster.node.server.NodeApplication;
import org.llavacluster.node.server.NodeContext;
import org.llavacluster.node.server.NodeProcess;
import org.llavacluster.node.server.NodeServer;
import org.llavacluster.node.server.ServerLimits;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.cluster.v1.DescribeRequest;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeGrpc;

@Timeout(60)
class NodeWatcherTest {

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    private final MovableMembership membership = new MovableMembership();
    private final ChannelPool channels = new ChannelPool(membership, timers);
    private final NodeWatcher watcher = new NodeWatcher(
            membership, channels, timers, Duration.ofSeconds(2), Clock.SYSTEM, new SimpleMeterRegistry());
    private final Semaphore changes = new Semaphore(0);
    private final ReservedPort port = new ReservedPort();

    @AfterEach
    void stop() {
        watcher.close();
        channels.close();
        timers.shutdownNow();
        port.close();
    }

    private static NodeProcess worker(String id, int port) {
        NodeApplication application = new NodeApplication() {
            @Override
            public String role() {
                return "vision";
            }

            @Override
            public List<ServerServiceDefinition> start(NodeContext node) {
                Description description = Description.newBuilder()
                        .setNodeId(node.identity().id())
                        .setEpoch(node.identity().epoch())
                        .build();
                return List.of(new NodeService(description, node.state()).bindService());
            }
        };
        NodeConfiguration configuration = new NodeConfiguration(
                id, "127.0.0.1", port, Optional.empty(), false, Duration.ZERO, Duration.ZERO, true);
        return NodeProcess.start(
                application, configuration, Membership.of(List.of()), new SimpleMeterRegistry(), Clock.SYSTEM);
    }

    private static Member member(String id, NodeProcess process) {
        return new Member(id, MemberRole.VISION, "127.0.0.1", process.port());
    }

    private void awaitNodes(Predicate<List<WatchedNode>> wanted) throws InterruptedException {
        while (!wanted.test(watcher.nodes(MemberRole.VISION))) {
            changes.acquire();
        }
    }

    @Test
    void shouldFollowMembersThroughTheirLives() throws Exception {
        watcher.onChange(changes::release);
        try (NodeProcess first = worker("vision-0", port.number());
                NodeProcess second = worker("vision-1", 0)) {
            membership.set(member("vision-0", first), member("vision-1", second));
            awaitNodes(nodes -> nodes.size() == 2 && nodes.stream().allMatch(WatchedNode::serving));
            assertThat(watcher.nodes(MemberRole.DECODER)).isEmpty();

            second.context().state().publish(state -> state.setRunning(3));
            awaitNodes(nodes ->
                    nodes.get(1).state().filter(s -> s.getRunning() == 3).isPresent());

            membership.set(member("vision-0", first));
            awaitNodes(nodes -> nodes.size() == 1);
            assertThat(watcher.find("vision-1")).isEmpty();
        }
        // The process ends, then another one is at its address: it must be described again.
        awaitNodes(nodes -> !nodes.getFirst().serving());
        try (NodeProcess again = worker("vision-0", port.number())) {
            long epoch = again.context().identity().epoch();
            awaitNodes(nodes -> nodes.getFirst()
                    .description()
                    .filter(d -> d.getEpoch() == epoch)
                    .isPresent());
        }
    }

    @Test
    void shouldFailCallsToAWorkerThatIsNotThereAtOnceAndReconnectSoon() throws Exception {
        assertThatThrownBy(() -> channels.channel("vision-0"))
                .isInstanceOfSatisfying(FailureException.class, e -> assertThat(e.failure())
                        .isEqualTo(new Failure.Unavailable("there is no node 'vision-0' in the cluster at present")));
        membership.set(new Member("vision-0", MemberRole.VISION, "127.0.0.1", port.number()));
        ManagedChannel channel = channels.channel("vision-0");
        assertThatThrownBy(() -> describe(channel)).satisfies(e -> assertThat(GrpcFailures.of(e))
                .isEqualTo(new Failure.Unavailable("the worker cannot be reached")));
        try (NodeProcess process = worker("vision-0", port.number())) {
            Semaphore connected = new Semaphore(0);
            awaitReady(channel, connected);
            connected.acquire();
            assertThat(describe(channel).getEpoch())
                    .isEqualTo(process.context().identity().epoch());
        }
    }

    private static void awaitReady(ManagedChannel channel, Semaphore connected) {
        ConnectivityState state = channel.getState(true);
        if (state == ConnectivityState.READY) {
            connected.release();
        } else {
            channel.notifyWhenStateChanged(state, () -> awaitReady(channel, connected));
        }
    }

    private static Description describe(ManagedChannel channel) {
        return ClientCalls.blockingUnaryCall(
                channel,
                NodeGrpc.getDescribeMethod(),
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                DescribeRequest.getDefaultInstance());
    }

    @Test
    void shouldCloseTheConnectionOfAMemberThatIsGoneOrMoved() {
        Member here = new Member("vision-0", MemberRole.VISION, "127.0.0.1", 1);
        Member there = new Member("vision-0", MemberRole.VISION, "127.0.0.1", 2);
        membership.set(here);
        ManagedChannel first = channels.channel("vision-0");
        assertThat(channels.channel("vision-0")).isSameAs(first);
        membership.set(there);
        assertThat(first.isShutdown()).isTrue();
        ManagedChannel second = channels.channel("vision-0");
        assertThat(second).isNotSameAs(first);
        membership.set();
        assertThat(second.isShutdown()).isTrue();
    }

    /** A node that sends its state once for each watch, and nothing more. */
    @Test
    void shouldTakeASilentMemberForLostAndItsReturnForAnotherEpoch() throws Exception {
        watcher.onChange(changes::release);
        NodeStateBoard board = new NodeStateBoard(7);
        Description description = Description.newBuilder().setEpoch(7).build();
        NodeServer silent = NodeServer.start(
                new InetSocketAddress("127.0.0.1", 0),
                ServerLimits.cluster(),
                List.of(new NodeService(description, board).bindService()),
                new CallGate(10),
                new SimpleMeterRegistry(),
                Clock.SYSTEM);
        try {
            board.publish(state -> state);
            membership.set(new Member("vision-0", MemberRole.VISION, "127.0.0.1", silent.port()));
            awaitNodes(nodes -> nodes.getFirst().serving());
            WorkerEpoch first = watcher.nodes(MemberRole.VISION).getFirst().epoch();
            awaitNodes(nodes -> nodes.getFirst().suspect());
            awaitNodes(nodes -> nodes.getFirst().serving());
            assertThat(watcher.nodes(MemberRole.VISION).getFirst().epoch()).isNotEqualTo(first);
        } finally {
            silent.stop();
        }
        awaitNodes(nodes -> !nodes.getFirst().present());
    }
}
