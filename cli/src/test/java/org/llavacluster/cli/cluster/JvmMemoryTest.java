package org.llavacluster.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.cli.CliException;
import org.llavacluster.node.config.Settings;

class JvmMemoryTest {

    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /** @param properties names and values in turns */
    private static JvmMemory of(ServiceRole role, long totalBytes, String... properties) {
        Map<String, String> set = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            set.put(properties[i], properties[i + 1]);
        }
        return JvmMemory.of(
                role,
                totalBytes,
                new Settings(new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(set, "test", 100))
                        .build()));
    }

    @Test
    void shouldTakeWhatTheDefaultsOfTheServiceNeedOnALargeMachine() {
        assertThat(of(ServiceRole.GATEWAY, 64 * GIB).options())
                .containsExactly("-Xmx1088m", "-XX:MaxDirectMemorySize=768m");
        assertThat(of(ServiceRole.VISION, 64 * GIB).options())
                .containsExactly("-Xmx1472m", "-XX:MaxDirectMemorySize=768m");
        assertThat(of(ServiceRole.PROJECTOR, 64 * GIB).options())
                .containsExactly("-Xmx960m", "-XX:MaxDirectMemorySize=720m");
        assertThat(of(ServiceRole.DECODER, 64 * GIB)).isEqualTo(of(ServiceRole.PROJECTOR, 64 * GIB));
    }

    @ParameterizedTest
    @EnumSource(ServiceRole.class)
    void shouldTakeATenthOfASmallMachine(ServiceRole role) {
        assertThat(of(role, 4096 * MIB).options()).containsExactly("-Xmx409m", "-XX:MaxDirectMemorySize=307m");
        assertThat(of(role, 1920 * MIB).options()).containsExactly("-Xmx192m", "-XX:MaxDirectMemorySize=144m");
    }

    @Test
    void shouldSayWithSizesThatAMachineIsTooSmall() {
        assertThatThrownBy(() -> of(ServiceRole.GATEWAY, 1919 * MIB))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("there are 1919 MiB in all, and 1920 are needed");
    }

    @Test
    void shouldFollowBudgetsThatAreSet() {
        assertThat(of(ServiceRole.VISION, 64 * GIB, "llava.tensor-cache-bytes", "" + 4 * GIB)
                        .heapBytes())
                .as("beyond the default by what is set beyond it")
                .isEqualTo((1472 - 256) * MIB + 4 * GIB);
        assertThat(of(ServiceRole.GATEWAY, 64 * GIB, "llava.gateway.inflight-bytes", "" + 2 * GIB)
                        .heapBytes())
                .isEqualTo((1088 - 384) * MIB + 2 * GIB);
        assertThat(of(ServiceRole.GATEWAY, 64 * GIB, "llava.gateway.max-body-bytes", "" + 128 * MIB)
                        .heapBytes())
                .isEqualTo((1088 + 384) * MIB);
        assertThat(of(ServiceRole.DECODER, 64 * GIB, "llava.decoder.kept-image-bytes", "0")
                        .heapBytes())
                .isEqualTo((960 - 256) * MIB);
        assertThat(of(ServiceRole.PROJECTOR, 64 * GIB, "llava.grpc.inbound-bytes", "" + GIB))
                .isEqualTo(new JvmMemory((960 - 256) * MIB + GIB, 2 * GIB + 256 * MIB));
    }

    @Test
    void shouldTakeMoreThanATenthForWhatIsSet() {
        assertThat(of(ServiceRole.PROJECTOR, 8 * GIB, "llava.tensor-cache-bytes", "" + 2 * GIB)
                        .heapBytes())
                .isEqualTo(2 * GIB + 192 * MIB);
    }

    @Test
    void shouldNameTheLimitsThatDoNotFitTheMachine() {
        assertThatThrownBy(() -> of(ServiceRole.PROJECTOR, 8 * GIB, "llava.tensor-cache-bytes", "" + 4 * GIB))
                .isInstanceOf(CliException.class)
                .hasMessage("the projector service needs 5056 MiB for llava.tensor-cache-bytes (4096 MiB), and may take"
                        + " half of the 8192 MiB that there are: lower the limits");
    }

    @Test
    void shouldStateDirectMemoryForEveryService() {
        for (ServiceRole role : ServiceRole.values()) {
            List<String> options = of(role, 16 * GIB).options();
            assertThat(options).hasSize(2).anyMatch(option -> option.startsWith("-XX:MaxDirectMemorySize="));
        }
    }
}
