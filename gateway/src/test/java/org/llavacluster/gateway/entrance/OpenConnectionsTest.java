package org.llavacluster.gateway.entrance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Holds the limits {@code HttpProperties.MAX_CONNECTIONS} and {@code HttpProperties.PEER_SHARE_PERCENT}. */
class OpenConnectionsTest {

    private static final long SECOND = 1_000_000_000L;

    private final OpenConnections connections = new OpenConnections(4, 3);
    private final List<String> closed = new ArrayList<>();

    private final class Fake implements OpenConnections.Connection {

        private final String peer;
        private final String name;
        private final Optional<Long> idleSince;

        private Fake(String peer, String name, Optional<Long> idleSince) {
            this.peer = peer;
            this.name = name;
            this.idleSince = idleSince;
        }

        @Override
        public String peer() {
            return peer;
        }

        @Override
        public Optional<Long> idleSince() {
            return idleSince;
        }

        @Override
        public void makeRoom() {
            closed.add(name);
        }
    }

    private Fake busy(String peer) {
        return new Fake(peer, "busy", Optional.empty());
    }

    private Fake idle(String peer, String name, long since) {
        return new Fake(peer, name, Optional.of(since));
    }

    @Test
    void shouldHoldItsLimitAndAPeersAndNotOneMore() {
        Fake first = busy("a");
        assertThat(connections.add(first, 0)).isTrue();
        assertThat(connections.add(busy("a"), 0)).isTrue();
        assertThat(connections.add(busy("a"), 0)).isTrue();
        assertThat(connections.add(busy("a"), 0)).as("beyond the peer's share").isFalse();
        assertThat(connections.add(busy("b"), 0)).as("what is kept for others").isTrue();
        assertThat(connections.add(busy("c"), 0)).as("beyond the limit").isFalse();
        connections.remove(first);
        connections.remove(first);
        assertThat(connections.size()).isEqualTo(3);
        assertThat(connections.add(busy("a"), 0)).isTrue();
    }

    @Test
    void shouldCloseTheOneThatHasBeenIdleForTheLongestTime() {
        connections.add(idle("a", "long idle", 0), 0);
        connections.add(idle("a", "idle", SECOND), 0);
        connections.add(busy("b"), 0);
        connections.add(busy("b"), 0);
        assertThat(connections.add(busy("c"), SECOND - 1))
                .as("too new to judge")
                .isFalse();
        assertThat(connections.add(busy("c"), SECOND)).isTrue();
        assertThat(closed).containsExactly("long idle");
        assertThat(connections.size()).isEqualTo(4);
    }

    @Test
    void shouldMakeRoomForAPeerBeyondItsShareAmongItsOwn() {
        connections.add(idle("b", "other's, idle for longer", 0), 0);
        connections.add(busy("a"), 0);
        connections.add(busy("a"), 0);
        connections.add(idle("a", "its own", SECOND), 0);
        assertThat(connections.add(busy("a"), 3 * SECOND)).isTrue();
        assertThat(closed).containsExactly("its own");
    }
}
