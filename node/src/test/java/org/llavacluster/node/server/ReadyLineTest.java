package org.llavacluster.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadyLineTest {

    @Test
    void shouldReadTheLineOfAService() {
        assertThat(ReadyLine.parse("ready id=vision-0 role=vision grpc=127.0.0.1:40001 http=http://127.0.0.1:40002"))
                .contains(new ReadyLine("vision-0", "vision", "127.0.0.1:40001", "http://127.0.0.1:40002"));
    }

    @Test
    void shouldSplitTheAddressAtTheLastColon() {
        ReadyLine line = new ReadyLine("vision-0", "vision", "[::1]:40001", "http://[::1]:40002");

        assertThat(line.host()).isEqualTo("[::1]");
        assertThat(line.port()).isEqualTo(40_001);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ready", "ready id=vision-0", "already id=a role=b grpc=c http=d"})
    void shouldIgnoreOtherLines(String line) {
        assertThat(ReadyLine.parse(line)).isEmpty();
    }
}
