package org.llavacluster.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.os.FileDescriptors;

/**
 * The limits of a process's gRPC server from its properties, its file descriptors and its heap. gRPC itself closes idle
 * connections after {@code FixedLimits.IDLE_CONNECTION}.
 */
class ServerLimitsTest {

    private static final FileDescriptors MANY = new FileDescriptors(0, 1 << 20);
    private static final int MESSAGE = 20 << 20;

    /** @param properties names behind {@code llava.grpc.} and values in turns */
    private static ServerLimits configured(FileDescriptors descriptors, String... properties) {
        Map<String, String> set = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            set.put("llava.grpc." + properties[i], properties[i + 1]);
        }
        Settings settings = new Settings(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(set, "test", 100))
                .build());
        return ServerLimits.publicApi(MESSAGE, 500).configured(settings, descriptors);
    }

    @Test
    void shouldHaveItsDefaultsWithoutProperties() {
        assertThat(configured(MANY)).isEqualTo(ServerLimits.publicApi(MESSAGE, 500));
        ServerLimits limits = configured(MANY);
        assertThat(limits.connections().connections()).isEqualTo(1000);
        assertThat(limits.connections().perAddress()).isEqualTo(750);
        assertThat(limits.connections().silent()).isEqualTo(250);
        assertThat(limits.callsPerConnection()).isEqualTo(FixedLimits.PUBLIC_CALLS_PER_CONNECTION.intValue());
        assertThat(limits.resetsPer30Seconds()).isEqualTo(FixedLimits.PUBLIC_RESETS.intValue());
        assertThat(limits.metadataBytes()).isEqualTo(FixedLimits.METADATA_BYTES.intValue());
        assertThat(limits.pings()).isEqualTo(FixedLimits.PING_INTERVAL.duration());
        assertThat(limits.calls()).isEqualTo(500);
    }

    @Test
    void shouldHaveOtherDefaultsBetweenProcesses() {
        ServerLimits limits = ServerLimits.cluster();
        assertThat(limits.messageBytes()).isEqualTo(FixedLimits.CLUSTER_MESSAGE_BYTES.intValue());
        assertThat(limits.callsPerConnection()).isEqualTo(FixedLimits.CLUSTER_CALLS_PER_CONNECTION.intValue());
        assertThat(limits.calls()).isEqualTo(FixedLimits.CLUSTER_CALLS.intValue());
        assertThat(limits.resetsPer30Seconds()).isEqualTo(FixedLimits.CLUSTER_RESETS.intValue());
    }

    @Test
    void shouldTakeItsProperties() {
        ServerLimits limits = configured(
                MANY,
                "max-connections",
                "40",
                "max-connections-per-address",
                "30",
                "max-silent-connections",
                "20",
                "handshake-timeout",
                "3s",
                "max-control-frames",
                "7",
                "max-new-calls",
                "8",
                "max-calls-per-connection",
                "9",
                "max-arriving-calls",
                "10",
                "inbound-bytes",
                "100000000",
                "first-message-timeout",
                "4s",
                "min-message-rate",
                "11");
        assertThat(limits.connections().connections()).isEqualTo(40);
        assertThat(limits.connections().perAddress()).isEqualTo(30);
        assertThat(limits.connections().silent()).isEqualTo(20);
        assertThat(limits.connections().handshake()).isEqualTo(Duration.ofSeconds(3));
        assertThat(limits.connections().controlFrames()).isEqualTo(7);
        assertThat(limits.connections().newCalls()).isEqualTo(8);
        assertThat(limits.callsPerConnection()).isEqualTo(9);
        assertThat(limits.arrivingCalls()).isEqualTo(10);
        assertThat(limits.inboundBytes()).isEqualTo(100_000_000);
        assertThat(limits.firstMessage()).isEqualTo(Duration.ofSeconds(4));
        assertThat(limits.messageRate()).isEqualTo(11);
    }

    @Test
    void shouldKeepPartsWithinTheWhole() {
        ServerLimits fewer = configured(MANY, "max-connections", "40");
        assertThat(fewer.connections().perAddress()).isEqualTo(30);
        assertThat(fewer.connections().silent()).isEqualTo(10);
        ServerLimits beyond = configured(
                MANY, "max-connections", "40", "max-connections-per-address", "41", "max-silent-connections", "41");
        assertThat(beyond.connections().perAddress()).isEqualTo(40);
        assertThat(beyond.connections().silent()).isEqualTo(40);
    }

    /** As many connections as files are left for, unless the property says otherwise. */
    @Test
    void shouldTakeNoMoreConnectionsThanFiles() {
        for (long left : new long[] {999, 1000, 1001}) {
            assertThat(configured(new FileDescriptors(0, FileDescriptors.OWN + left))
                            .connections()
                            .connections())
                    .isEqualTo((int) Math.min(1000, left));
        }
        FileDescriptors few = new FileDescriptors(0, FileDescriptors.OWN + 100);
        assertThat(configured(few, "max-connections", "500").connections().connections())
                .isEqualTo(500);
    }

    @Test
    void shouldHoldTwoOfTheLargestMessages() {
        long two = 2L * MESSAGE;
        assertThat(configured(MANY, "inbound-bytes", "" + (two - 1)).inboundBytes())
                .isEqualTo(two);
        assertThat(configured(MANY, "inbound-bytes", "" + two).inboundBytes()).isEqualTo(two);
        assertThat(configured(MANY, "inbound-bytes", "" + (two + 1)).inboundBytes())
                .isEqualTo(two + 1);
    }

    @Test
    void shouldRefuseValuesOutOfTheirBounds() {
        assertThat(configured(MANY, "max-connections", "2").connections().connections())
                .isEqualTo(2);
        assertRefused("max-connections", "1");
        assertThat(configured(MANY, "max-connections", "1048576").connections().connections())
                .isEqualTo(1 << 20);
        assertRefused("max-connections", "1048577");
        assertRefused("max-calls-per-connection", "0");
        assertRefused("handshake-timeout", "0.099s");
        assertRefused("handshake-timeout", "301s");
        assertRefused("first-message-timeout", "0");
        assertRefused("min-message-rate", "-1");
        assertRefused("inbound-bytes", "some");
    }

    private static void assertRefused(String property, String value) {
        assertThatThrownBy(() -> configured(MANY, property, value))
                .hasMessageStartingWith("llava.grpc." + property + " must ")
                .hasMessageEndingWith(", not '" + value + "'");
    }
}
