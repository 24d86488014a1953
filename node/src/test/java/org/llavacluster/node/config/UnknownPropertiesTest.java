package org.llavacluster.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnknownPropertiesTest {

    private final List<String> warnings = new ArrayList<>();

    @Test
    void shouldAcceptEveryPropertyHoweverItIsGiven() {
        for (Property<?> property : PropertyList.all()) {
            String variable = property.name().replaceAll("[^a-z0-9]", "_").toUpperCase(java.util.Locale.ROOT);
            check(properties(property.name()));
            check(new EnvConfigSource(Map.of(variable, "x"), 300));
        }
        check(properties("quarkus.http.port"));
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "llava.gateway.max-wating, did you mean llava.gateway.max-waiting?",
        "llava.max-running, see docs/configuration.md",
        "llava.Engin, did you mean llava.engine?",
        "llava.decoder.max-runing, did you mean llava.decoder.max-running?"
    })
    void shouldRefuseAPropertyThatNoProcessReads(String name, String hint) {
        assertThatThrownBy(() -> check(properties(name)))
                .isInstanceOf(PropertyException.class)
                .hasMessage(name + " is not a property; " + hint);
    }

    @Test
    void shouldReportAnEnvironmentVariableOnceAndGoOn() {
        check(new EnvConfigSource(Map.of("LLAVA_WEIGHT", "q8_0", "LLAVA_GATEWAY_SERVICE_HOST", "10.0.0.1"), 300));
        assertThat(warnings).hasSize(2);
        assertThat(warnings.get(0)).contains("is not a property; see docs/configuration.md");
        assertThat(warnings.get(1)).endsWith(" is not a property; did you mean llava.weights?");
    }

    private void check(ConfigSource source) {
        UnknownProperties.check(new SmallRyeConfigBuilder().withSources(source).build(), warnings::add);
    }

    private static ConfigSource properties(String name) {
        return new PropertiesConfigSource(Map.of(name, "x"), "test", 100);
    }
}
