package org.llavacluster.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.llavacluster.cli.CliException;

class JvmMemoryTest {

    private static final long MIB = 1L << 20;

    @Test
    void shouldTakeWhatTheLimitsOfRequestsNeedOnALargeMachine() {
        assertThat(JvmMemory.of(64L << 30).options()).containsExactly("-Xmx1024m", "-XX:MaxDirectMemorySize=768m");
        assertThat(JvmMemory.of(10_240 * MIB)).isEqualTo(JvmMemory.of(64L << 30));
    }

    @Test
    void shouldTakeATenthOfASmallOne() {
        assertThat(JvmMemory.of(10_240 * MIB - 10 * MIB).options())
                .containsExactly("-Xmx1023m", "-XX:MaxDirectMemorySize=767m");
        assertThat(JvmMemory.of(4096 * MIB).options()).containsExactly("-Xmx409m", "-XX:MaxDirectMemorySize=307m");
    }

    @Test
    void shouldSayWithSizesThatAMachineIsTooSmall() {
        assertThat(JvmMemory.of(1920 * MIB).options()).containsExactly("-Xmx192m", "-XX:MaxDirectMemorySize=144m");
        assertThatThrownBy(() -> JvmMemory.of(1919 * MIB))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("there are 1919 MiB in all, and 1920 are needed");
    }
}
