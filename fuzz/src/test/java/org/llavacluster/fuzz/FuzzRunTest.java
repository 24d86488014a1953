package org.llavacluster.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FuzzRunTest {

    private static final byte[] VALID = "a valid input".getBytes(StandardCharsets.US_ASCII);

    private final ByteMutator mutator = new ByteMutator(List.of(VALID), List.of("word"), 1000);

    @Test
    void shouldTakeTheSameInputsEachTime() {
        List<String> first = inputs();

        assertThat(inputs()).isEqualTo(first).hasSize(50);
        assertThat(first).doesNotHaveDuplicates();
    }

    private List<String> inputs() {
        List<String> inputs = new ArrayList<>();
        new FuzzRun("same", 50, FuzzBounds.NONE)
                .check(mutator::next, input -> inputs.add(new String(input, StandardCharsets.ISO_8859_1)));
        return inputs;
    }

    @Test
    void shouldNameEachKindOfFindingOnceWithASmallInput() {
        FuzzRun run = new FuzzRun("findings", 300, FuzzBounds.NONE);

        assertThatThrownBy(() -> run.check(random -> noise(random, 64), FuzzRunTest::dislikeLetters))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("fuzz findings: seed ")
                .hasMessageContaining("1 kinds of findings")
                .hasMessageContaining("(1 bytes): java.lang.IllegalStateException")
                .hasMessageContaining("an A");
    }

    private static void dislikeLetters(byte[] input) {
        for (byte each : input) {
            if (each == 'A') {
                throw new IllegalStateException("an A");
            }
        }
    }

    private static byte[] noise(Random random, int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    @Test
    void shouldFindInputsThatCostTooMuch() {
        FuzzRun run = new FuzzRun("memory", 1, new FuzzBounds(Duration.ofMinutes(1), 1 << 20));

        assertThatThrownBy(() -> run.check(
                        random -> VALID, input -> assertThat(new byte[4 << 20]).isNotEmpty()))
                .hasMessageContaining("the input took more than 1048576 bytes of memory");
    }

    @Test
    void shouldMendLengthsAndChecksums() {
        byte[] png = PieceFormat.PNG.join(List.of("IHDRdata".getBytes(StandardCharsets.US_ASCII)));
        byte[] webp = PieceFormat.WEBP.join(List.of("VP8 abc".getBytes(StandardCharsets.US_ASCII)));
        byte[] jpeg = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE0, 0, 4, 1, 2, (byte) 0xFF, (byte) 0xD9};

        assertThat(PieceFormat.PNG.split(png)).containsExactly("IHDRdata".getBytes(StandardCharsets.US_ASCII));
        assertThat(PieceFormat.PNG.join(PieceFormat.PNG.split(png))).isEqualTo(png);
        assertThat(webp).hasSize(12 + 8 + 4).startsWith("RIFF".getBytes(StandardCharsets.US_ASCII));
        assertThat(PieceFormat.WEBP.join(PieceFormat.WEBP.split(webp))).isEqualTo(webp);
        assertThat(PieceFormat.JPEG.split(jpeg)).hasSize(3);
        assertThat(PieceFormat.JPEG.join(PieceFormat.JPEG.split(jpeg))).isEqualTo(jpeg);
    }
}
