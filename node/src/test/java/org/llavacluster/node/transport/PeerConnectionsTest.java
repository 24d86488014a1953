package org.llavacluster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.time.Clock;

class PeerConnectionsTest {

    private static final ConnectionLimits ONE_SILENT = new ConnectionLimits(10, 10, 1, Duration.ofMinutes(1), 100, 100);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final PeerConnections connections =
            new PeerConnections(ONE_SILENT, metrics, new RefusalMetrics(metrics), Clock.SYSTEM);

    private static EmbeddedChannel accepted() {
        return new EmbeddedChannel(DefaultChannelId.newInstance(), false, false);
    }

    private void admit(EmbeddedChannel connection, int port) {
        assertThat(connections.admit(connection, new InetSocketAddress("127.0.0.1", port)))
                .isTrue();
    }

    private double open() {
        return metrics.get("llava.grpc.connections").gauge().value();
    }

    @Test
    void shouldCloseAConnectionThatGivesRoom() throws Exception {
        EmbeddedChannel first = accepted();
        admit(first, 1);
        first.register();
        EmbeddedChannel second = accepted();
        admit(second, 2);
        second.register();
        first.runPendingTasks();
        assertThat(first.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        assertThat(open()).isEqualTo(1);
    }

    /** Its handlers leave its pipeline a moment before it leaves the table. */
    @Test
    void shouldAdmitAConnectionWhileTheOneThatGivesRoomIsTornDown() throws Exception {
        EmbeddedChannel first = accepted();
        admit(first, 1);
        first.register();
        first.pipeline().remove(ConnectionGuard.class);
        EmbeddedChannel second = accepted();
        admit(second, 2);
        second.register();
        first.runPendingTasks();
        assertThat(first.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        assertThat(open()).isEqualTo(1);
    }

    /** In a burst, a connection may have to give room while it is still on its way to its event loop. */
    @Test
    void shouldCloseAConnectionThatGivesRoomOnItsOwnEventLoop() throws Exception {
        EmbeddedChannel first = accepted();
        EmbeddedChannel second = accepted();
        admit(first, 1);
        admit(second, 2);
        assertThat(first.isOpen()).as("closed before it has an event loop").isTrue();
        second.register();
        first.register();
        assertThat(first.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        assertThat(open()).isEqualTo(1);
    }
}
