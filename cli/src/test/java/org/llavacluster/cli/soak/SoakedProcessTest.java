package org.llavacluster.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llavacluster.cli.CliException;

class SoakedProcessTest {

    @Test
    void shouldReadWhatUpPrints() {
        assertThat(SoakedProcess.parse("decoder-0=12,http://127.0.0.1:9000"))
                .isEqualTo(new SoakedProcess("decoder-0", 12, Optional.of(URI.create("http://127.0.0.1:9000"))));
        assertThat(SoakedProcess.parse("decoder-0=12")).isEqualTo(new SoakedProcess("decoder-0", 12, Optional.empty()));
    }

    @Test
    void shouldRefuseAnythingElse() {
        assertThatThrownBy(() -> SoakedProcess.parse("decoder-0"))
                .isInstanceOf(CliException.class)
                .hasMessage("--process must be ID=PID or ID=PID,http://HOST:PORT, not decoder-0");
    }
}
