package org.llavacluster.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.cli.CliException;

class TargetAddressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1:9000 | 127.0.0.1:9000",
                "grpc=127.0.0.1:9000 | 127.0.0.1:9000",
                "' localhost:1 ' | localhost:1",
                "grpc://gpu_7.example.org:65535/ | gpu_7.example.org:65535",
                "[::1]:9000 | [::1]:9000",
                "grpc=[fe80::1%eth0]:9000 | [fe80::1%eth0]:9000",
                "ready grpc=0.0.0.0:9000 http=http://0.0.0.0:8080 | 0.0.0.0:9000"
            })
    void shouldTakeGrpcAddresses(String given, String hostAndPort) {
        assertThat(TargetAddress.parse(given)).isEqualTo(new TargetAddress.Grpc(hostAndPort));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://127.0.0.1:8080 | http://127.0.0.1:8080",
                "http=http://127.0.0.1:8080 | http://127.0.0.1:8080",
                "HTTP://localhost:8080/v1/ | http://localhost:8080",
                "http://gateway/v1/chat/completions | http://gateway:80",
                "http://[::1]:8080 | http://[::1]:8080",
                "ready http=http://127.0.0.1:8080 | http://127.0.0.1:8080"
            })
    void shouldTakeHttpAddresses(String given, String base) {
        assertThat(TargetAddress.parse(given)).isEqualTo(new TargetAddress.Http(URI.create(base)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | has no host",
                ":9000 | has no host",
                "localhost | has no port",
                "[::1] | has no port",
                "localhost: | has a port that is not between 1 and 65535",
                "localhost:0 | has a port that is not between 1 and 65535",
                "localhost:65536 | has a port that is not between 1 and 65535",
                "http://localhost:65536 | has a port that is not between 1 and 65535",
                "http://localhost:0/v1 | has a port that is not between 1 and 65535",
                "localhost:grpc | has a port that is not between 1 and 65535",
                "::1:9000 | must have an IPv6 address in brackets",
                "https://localhost:8443 | asks for TLS",
                "ftp://localhost:21 | has an unknown scheme",
                "http:// | is not a URL",
                "ho st:9000 | has a host with characters",
                "ready to go | has neither grpc= nor http= in it"
            })
    void shouldSayWhatIsWrongAndWhatToGive(String given, String message) {
        assertThatThrownBy(() -> TargetAddress.parse(given))
                .isInstanceOf(CliException.class)
                .hasMessageStartingWith("--target '" + given + "'")
                .hasMessageContaining(message)
                .hasMessageContaining("llava up");
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc=grpc=", "http=", "grpc=http://", "\u001b[2J:1", "a:b:c"})
    void shouldRefuseNonsenseInOneWay(String given) {
        assertThatThrownBy(() -> TargetAddress.parse(given)).isInstanceOf(CliException.class);
    }
}
