package org.llavacluster.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.llavacluster.cli.CliException;

class PipedTextTest {

    private static PipedText reading(byte[] bytes) {
        return PipedText.read(new ByteArrayInputStream(bytes));
    }

    @Test
    void shouldReadAllOfItWithoutTheLastLineBreak() {
        assertThat(reading("two\nlines é\n".getBytes(StandardCharsets.UTF_8)).await())
                .isEqualTo("two\nlines é");
        assertThat(reading(new byte[0]).await()).isEmpty();
        assertThat(reading(new byte[0]).awaitBeginning(Duration.ofSeconds(30))).contains("");
    }

    @Test
    void shouldNotWaitLongForAPipeThatStaysSilent() throws IOException {
        try (PipedOutputStream silent = new PipedOutputStream();
                PipedInputStream input = new PipedInputStream(silent)) {
            assertThat(PipedText.read(input).awaitBeginning(Duration.ofMillis(50)))
                    .isEmpty();
        }
    }

    @Test
    void shouldWaitForTheRestOnceItHasBegun() throws IOException {
        try (PipedOutputStream slow = new PipedOutputStream();
                PipedInputStream input = new PipedInputStream(slow)) {
            PipedText text = PipedText.read(input);
            slow.write('a');
            slow.write('b');
            slow.close();
            assertThat(text.awaitBeginning(Duration.ofSeconds(30))).contains("ab");
        }
    }

    @Test
    void shouldSayWhyItCannotBeUsed() {
        assertThatThrownBy(
                        () -> reading(new byte[] {(byte) 0x89, 'P', 'N', 'G'}).await())
                .isInstanceOf(CliException.class)
                .hasMessageContaining("not text in UTF-8")
                .hasMessageContaining("--image");
        assertThatThrownBy(() -> reading(new byte[(16 << 20) + 1]).await())
                .isInstanceOf(CliException.class)
                .hasMessageContaining("limited to 16777216 bytes");
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Bad file descriptor");
            }
        };
        assertThatThrownBy(() -> PipedText.read(broken).await())
                .isInstanceOf(CliException.class)
                .hasMessageContaining("Bad file descriptor");
    }
}
