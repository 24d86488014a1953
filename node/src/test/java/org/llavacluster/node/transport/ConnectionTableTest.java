package org.llavacluster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.transport.ConnectionTable.Arrival;

/**
 * Holds the limits {@code GrpcProperties.MAX_CONNECTIONS}, {@code GrpcProperties.MAX_CONNECTIONS_PER_ADDRESS} and
 * {@code GrpcProperties.MAX_SILENT_CONNECTIONS}.
 */
class ConnectionTableTest {

    private final ConnectionTable<String> table = new ConnectionTable<>(new ConnectionTable.Room(6, 4, 3));

    private void admitBusy(String connection, String address) {
        assertThat(table.arrive(connection, address)).isEqualTo(new Arrival.Admitted<>(List.of()));
        table.spoke(connection);
        table.callBegan(connection);
    }

    @Test
    void shouldAdmitAsManyConnectionsAsTheLimitAndNotOneMore() {
        for (int i = 1; i <= 6; i++) {
            admitBusy("busy " + i, "address " + i);
        }
        assertThat(table.size()).isEqualTo(6);
        assertThat(table.arrive("seventh", "address 7")).isEqualTo(new Arrival.Refused<>());
        table.closed("busy 1");
        admitBusy("eighth", "address 8");
    }

    @Test
    void shouldAdmitAsManyConnectionsOfAnAddressAsItsLimitAndNotOneMore() {
        for (int i = 1; i <= 4; i++) {
            admitBusy("busy " + i, "address");
        }
        assertThat(table.arrive("fifth", "address")).isEqualTo(new Arrival.Refused<>());
        admitBusy("another's", "another address");
    }

    @Test
    void shouldCloseTheOldestSilentConnectionBeyondTheLimitOfSilentOnes() {
        for (int i = 1; i <= 3; i++) {
            assertThat(table.arrive("silent " + i, "address")).isEqualTo(new Arrival.Admitted<>(List.of()));
        }
        assertThat(table.arrive("fourth", "address")).isEqualTo(new Arrival.Admitted<>(List.of("silent 1")));
        table.spoke("silent 2");
        assertThat(table.arrive("fifth", "other")).isEqualTo(new Arrival.Admitted<>(List.of()));
    }

    @Test
    void shouldCloseAConnectionWithoutCallsForANewOneAndNeverOneWithCalls() {
        for (int i = 1; i <= 6; i++) {
            admitBusy("busy " + i, "address " + i);
        }
        table.callEnded("busy 3");
        assertThat(table.arrive("new", "address 7")).isEqualTo(new Arrival.Admitted<>(List.of("busy 3")));
        table.spoke("new");
        table.callBegan("new");
        assertThat(table.arrive("newer", "address 8")).isEqualTo(new Arrival.Refused<>());
    }
}
