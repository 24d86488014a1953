package org.llavacluster.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.options.GatewaySettings;

class ListeningPortsTest {

    private static GatewaySettings on(String host, int grpcPort, int httpPort) {
        return new GatewaySettings(host, grpcPort, httpPort, Map.of());
    }

    @Test
    void shouldNameTheOptionWhosePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> ListeningPorts.requireFree(GatewaySettings.loopback(port, 0)))
                    .isInstanceOf(CliException.class)
                    .hasMessage(
                            "--grpc-port " + port + " is in use on 127.0.0.1: choose another, or 0 for any free one");
            assertThatThrownBy(() -> ListeningPorts.requireFree(on("0.0.0.0", 0, port)))
                    .isInstanceOf(CliException.class)
                    .hasMessageContaining("--http-port " + port + " is in use on 0.0.0.0");
        }
    }

    @Test
    void shouldAcceptFreePorts() {
        assertThatCode(() -> ListeningPorts.requireFree(GatewaySettings.loopback(0, 0)))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldNameAHostThatIsNotThisMachine() {
        // RFC 5737 reserves this block for documentation, so no machine has it.
        assertThatThrownBy(() -> ListeningPorts.requireFree(on("192.0.2.1", 0, 0)))
                .isInstanceOf(CliException.class)
                .hasMessage("--host 192.0.2.1 is not an address of this machine");
        assertThatThrownBy(() -> ListeningPorts.requireFree(on("no-such-host.invalid", 0, 0)))
                .isInstanceOf(CliException.class)
                .hasMessage("--host no-such-host.invalid: there is no such address or name");
    }

    @Test
    void shouldRefuseOnePortForBoth() {
        assertThatThrownBy(() -> on("127.0.0.1", 9000, 9000))
                .isInstanceOf(CliException.class)
                .hasMessage("--grpc-port and --http-port must differ: both are 9000");
    }

    @Test
    void shouldKnowWhichHostsOnlyThisMachineReaches() {
        assertThat(ListeningPorts.isLocal("127.0.0.1")).isTrue();
        assertThat(ListeningPorts.isLocal("localhost")).isTrue();
        assertThat(ListeningPorts.isLocal("::1")).isTrue();
        assertThat(ListeningPorts.isLocal("0.0.0.0")).isFalse();
        assertThat(ListeningPorts.isLocal("::")).isFalse();
    }
}
