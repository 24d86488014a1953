package org.llavacluster.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import picocli.CommandLine;

class GatewayOptionsTest {

    private static final ClusterSize SIZE = new ClusterSize(1, 2, 3, GatewaySettings.loopback(9000, 8080));

    private static ClusterSize applied(String... arguments) {
        return CommandLine.populateCommand(new GatewayOptions(), arguments).applyTo(SIZE);
    }

    @Test
    void shouldPassEveryChoiceToTheGatewayAlone() {
        ClusterSize size = applied(
                "--host=0.0.0.0",
                "--served-name=acme/llava",
                "--cors=https://a.example",
                "--cors=http://localhost:3000",
                "--log-requests",
                "--allow-image-host=images.example",
                "--allow-image-host=cdn.example:8443");

        assertThat(size.decoders()).isEqualTo(3);
        assertThat(size.gateway().properties())
                .containsEntry("llava.node.host", "0.0.0.0")
                .containsEntry("quarkus.http.host", "0.0.0.0")
                .containsEntry("llava.node.port", "9000")
                .containsEntry("quarkus.http.port", "8080")
                .containsEntry("llava.gateway.served-name", "acme/llava")
                .containsEntry("llava.http.cors-origins", "https://a.example,http://localhost:3000")
                .containsEntry("llava.http.log-requests", "true")
                .containsEntry("llava.gateway.image-hosts", "images.example,cdn.example:8443")
                .hasSize(8);
    }

    @Test
    void shouldStayOnLoopbackAndAllowNothingByDefault() {
        assertThat(applied().gateway()).isEqualTo(SIZE.gateway());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--served-name= | --served-name must be",
                "--served-name=a b | --served-name must be",
                "--cors=example.org | --cors must be an origin",
                "--cors=https://example.org/app | --cors must be an origin",
                "--cors=https://a.example,https://b.example | --cors must be an origin",
                "--allow-image-host=https://example.org | --allow-image-host must be the exact name",
                "--allow-image-host=*.example.org | --allow-image-host must be the exact name",
                "--allow-image-host=a.example,b.example | --allow-image-host must be the exact name"
            })
    void shouldNameTheOptionThatCannotBeUsed(String argument, String message) {
        assertThatThrownBy(() -> applied(argument))
                .isInstanceOf(CliException.class)
                .hasMessageStartingWith(message);
    }
}
