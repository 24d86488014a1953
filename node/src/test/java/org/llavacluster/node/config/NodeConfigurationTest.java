package org.llavacluster.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeConfigurationTest {

    private static NodeConfiguration read(Map<String, String> properties) {
        return NodeConfiguration.read(
                new Settings(new SmallRyeConfigBuilder()
                        .withDefaultValues(properties)
                        .build()),
                "vision");
    }

    @Test
    void shouldListenOnLoopbackUnlessTold() {
        NodeConfiguration configuration = read(Map.of());
        assertThat(configuration.id()).isEqualTo("vision-0");
        assertThat(configuration.host()).isEqualTo("127.0.0.1");
        assertThat(configuration.port()).isZero();
        assertThat(configuration.members()).isEmpty();
        assertThat(configuration.exitWithParent()).isFalse();
        assertThat(configuration.drainTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void shouldReadItsProperties() {
        NodeConfiguration configuration = read(Map.of(
                "llava.node.id", "v.7",
                "llava.node.host", "0.0.0.0",
                "llava.node.port", "40001",
                "llava.members", "members.json",
                "llava.exit-with-parent", "true",
                "llava.drain-timeout", "5s"));
        assertThat(configuration.id()).isEqualTo("v.7");
        assertThat(configuration.host()).isEqualTo("0.0.0.0");
        assertThat(configuration.port()).isEqualTo(40001);
        assertThat(configuration.members()).contains(Path.of("members.json"));
        assertThat(configuration.exitWithParent()).isTrue();
        assertThat(configuration.drainTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void shouldNameThePropertyAndTheValue() {
        assertThatThrownBy(() -> read(Map.of("llava.node.port", "70000")))
                .isInstanceOf(PropertyException.class)
                .hasMessageContaining("llava.node.port")
                .hasMessageContaining("'70000'");
        assertThatThrownBy(() -> read(Map.of("llava.node.id", "no spaces")))
                .isInstanceOf(PropertyException.class)
                .hasMessageContaining("llava.node.id")
                .hasMessageContaining("'no spaces'");
    }
}
