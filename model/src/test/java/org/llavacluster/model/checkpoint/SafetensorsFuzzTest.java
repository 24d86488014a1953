package org.llavacluster.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.fuzz.ByteMutator;
import org.llavacluster.fuzz.FuzzBounds;
import org.llavacluster.fuzz.FuzzRun;
import org.llavacluster.fuzz.JsonMutator;
import org.llavacluster.modelio.config.ModelFormatException;

/**
 * Safetensors files that nobody meant: each is mapped whole and safe to read, or refused with one line that names the
 * file.
 */
@Tag("fuzz")
class SafetensorsFuzzTest {

    private static final FuzzBounds BOUNDS = new FuzzBounds(Duration.ofSeconds(5), 256L << 20);
    private static final int LARGEST = 1 << 20;
    private static final int DATA_BYTES = 36;
    private static final String HEADER = """
            {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
            "b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]},"c":{"dtype":"U8","shape":[],"data_offsets":[32,33]},\
            "d":{"dtype":"I8","shape":[3,0],"data_offsets":[33,33]},"e":{"dtype":"BOOL","shape":[3],"data_offsets":[33,36]}}""";
    private static final List<String> WORDS = List.of(
            "dtype",
            "shape",
            "data_offsets",
            "__metadata__",
            "F32",
            "BF16",
            "F16",
            "F64",
            "I64",
            "U8",
            "BOOL",
            "F8_E4M3",
            "C64",
            "a",
            "b",
            "",
            "\u0000");

    @TempDir
    private Path temporary;

    private final JsonMutator headers = new JsonMutator(List.of(HEADER), WORDS);
    private final ByteMutator bytes =
            new ByteMutator(List.of(file(HEADER.getBytes(StandardCharsets.UTF_8))), WORDS, LARGEST);

    @Test
    void shouldMapOrRefuseAnyFile() {
        new FuzzRun("safetensors", 2000, BOUNDS).check(this::change, this::map);
    }

    private byte[] change(Random random) {
        return random.nextInt(3) == 0 ? bytes.next(random) : file(headers.next(random));
    }

    private static byte[] file(byte[] header) {
        return ByteBuffer.allocate(Long.BYTES + header.length + DATA_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private void map(byte[] content) throws IOException {
        Path file = temporary.resolve("model.safetensors");
        Files.write(file, content);
        try (Arena arena = Arena.ofConfined()) {
            long read = 0;
            for (CheckpointTensor tensor : SafetensorsFile.map(file, "model.safetensors", arena)) {
                MemorySegment data = tensor.bytes();
                for (long at = 0; at < data.byteSize(); at++) {
                    data.get(ValueLayout.JAVA_BYTE, at);
                }
                read += data.byteSize();
            }
            assertThat(read).isLessThanOrEqualTo(content.length);
        } catch (ModelFormatException e) {
            assertThat(e).hasMessageStartingWith("model.safetensors");
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }
}
