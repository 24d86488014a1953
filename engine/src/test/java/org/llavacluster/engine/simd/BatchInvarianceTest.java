package org.llavacluster.engine.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.WeightsFormat;

/** The bits of a result depend on the sequence alone. */
class BatchInvarianceTest {

    @ParameterizedTest
    @CsvSource({"F32,F32,10,16", "BF16,F16,10,16", "Q8_0,BF16,64,32", "Q4_0,F32,10,5", "Q4_0,F16,64,16"})
    void shouldGiveTheSameBitsInAnyBatchAndChunkOnAnyNumberOfThreads(
            WeightsFormat format, DType kv, int headDim, int blockTokens) {
        Bits.Result alone = new Bits(format, kv, headDim, 1, blockTokens).run(Bits.alone());
        assertThat(alone.shared()).isFalse();
        int[][] expected = alone.bits();
        int[][] whole =
                new Bits(format, kv, headDim, 5, blockTokens).run(Bits.whole()).bits();
        assertThat(Arrays.deepEquals(whole, expected)).as("all at once").isTrue();
        for (long seed = 1; seed <= 3; seed++) {
            Bits.Result result = new Bits(format, kv, headDim, (int) seed, blockTokens).run(Bits.random(seed));
            assertThat(result.shared())
                    .as("seed %s: sequences shared a step", seed)
                    .isTrue();
            assertThat(Arrays.deepEquals(result.bits(), expected))
                    .as("seed %s, which is the number of threads", seed)
                    .isTrue();
        }
    }

    /** More rows than one piece of a product has, and enough keys that several threads store them. */
    @ParameterizedTest
    @CsvSource({"F32,F32,128,16", "BF16,BF16,128,5", "Q8_0,F16,128,16", "Q4_0,F16,128,32"})
    void shouldGiveTheSameBitsForLongSequencesWholeAndInParts(
            WeightsFormat format, DType kv, int headDim, int blockTokens) {
        int[][] expected = new Bits(format, kv, headDim, 1, blockTokens, 310)
                .run(Bits.alone())
                .bits();
        int[][] whole = new Bits(format, kv, headDim, 3, blockTokens, 310)
                .run(Bits.whole())
                .bits();
        int[][] parts = new Bits(format, kv, headDim, 2, blockTokens, 310)
                .run(Bits.random(8))
                .bits();
        assertThat(Arrays.deepEquals(whole, expected)).as("all at once").isTrue();
        assertThat(Arrays.deepEquals(parts, expected)).as("in parts").isTrue();
    }

    /** Heads of 64 are multiplied straight from the cache where blocks are multiples of 16, those of 10 never. */
    @ParameterizedTest
    @CsvSource({"F16,10", "F16,64", "BF16,64"})
    void shouldGiveTheSameBitsWhereBlocksAreOfAnotherSize(DType kv, int headDim) {
        int[][] expected = new Bits(WeightsFormat.F32, kv, headDim, 1, 16)
                .run(Bits.whole())
                .bits();
        int[][] odd = new Bits(WeightsFormat.F32, kv, headDim, 2, 7)
                .run(Bits.random(5))
                .bits();
        int[][] decoded = new Bits(WeightsFormat.F32, kv, headDim, 2, 16)
                .run((sequence, left) -> 1)
                .bits();
        assertThat(Arrays.deepEquals(decoded, expected)).isTrue();
        assertThat(Arrays.deepEquals(odd, expected)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"16", "32", "64"})
    void shouldGiveTheSameBitsOnVectorsOfAnyWidth(int bytes) throws Exception {
        assertThat(digestOfJvm(bytes)).isEqualTo(WidthProgram.digest());
    }

    /** What {@link WidthProgram} prints on a JVM whose vectors have at most so many bytes. */
    private static String digestOfJvm(int bytes) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-XX:MaxVectorSize=" + bytes,
                        "-cp",
                        System.getProperty("java.class.path"),
                        WidthProgram.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return printed.strip();
    }
}
