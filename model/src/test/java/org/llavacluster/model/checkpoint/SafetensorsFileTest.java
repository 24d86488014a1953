package org.llavacluster.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.modelio.config.ModelFormatException;

/** Holds the limit {@code FixedLimits.SAFETENSORS_HEADER_BYTES}. */
class SafetensorsFileTest {

    private static final String A = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    @TempDir
    private Path folder;

    @Test
    void shouldReadTensorsWhereTheirOffsetsSay() {
        byte[] data = {1, 2, 3, 4, 5, 6};
        String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"b\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[4,6]},"
                + "\"empty\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[4,4]},"
                + "\"a\":{\"data_offsets\":[0,4],\"shape\":[2,1],\"dtype\":\"F16\"}}   ";
        Path file = write(SafetensorsWriter.bytes(header, data));
        try (Arena arena = Arena.ofConfined()) {
            List<CheckpointTensor> tensors = SafetensorsFile.map(file, "file", arena);
            assertThat(tensors).extracting(CheckpointTensor::name).containsExactly("b", "empty", "a");
            assertThat(tensors).extracting(CheckpointTensor::dtype).containsExactly("I8", "F32", "F16");
            assertThat(tensors.getFirst().bytes().toArray(ValueLayout.JAVA_BYTE))
                    .containsExactly(5, 6);
            assertThat(tensors.get(1).bytes().byteSize()).isZero();
            assertThat(tensors.getLast().bytes().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3, 4);
            assertThat(tensors.getLast().shape()).containsExactly(2, 1);
        }
    }

    /** A sparse file, which takes no space on most disks. */
    @Test
    void shouldReadBeyondTwoGibibytes() throws IOException {
        long large = 3L << 30;
        String header = """
            {"large":{"dtype":"F16","shape":[%d],"data_offsets":[0,%d]},
            "last":{"dtype":"F32","shape":[2],"data_offsets":[%d,%d]}}\
            """.formatted(large / 2, large, large, large + 8);
        Path file = write(SafetensorsWriter.bytes(header, new byte[0]));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                Arena arena = Arena.ofShared()) {
            ByteBuffer last = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(1.5f)
                    .putFloat(-2);
            channel.write(last.flip(), channel.size() + large);
            List<CheckpointTensor> tensors = SafetensorsFile.map(file, "file", arena);
            assertThat(tensors.getFirst().bytes().byteSize()).isEqualTo(large);
            assertThat(tensors.getLast().bytes().toArray(HostTensor.FLOAT)).containsExactly(1.5f, -2);
            TreeMap<String, CheckpointTensor> weights = new TreeMap<>(Map.of("large", tensors.getFirst()));
            assertThat(Fingerprint.of(weights)).hasSize(64);
        }
    }

    static Stream<Arguments> badFiles() {
        byte[] eight = new byte[8];
        return Stream.of(
                bad("empty", new byte[0], "0 bytes are too few"),
                bad("shorter than a length", new byte[7], "7 bytes are too few"),
                bad("header length 0", length(0), "header length 0"),
                bad("header length beyond the file", length(100), "header length 100 goes beyond the file"),
                bad("header length beyond the limit", length(1L << 40), "header length 1099511627776 is not in"),
                bad("header length of the limit", length(16L << 20), "header length 16777216 goes beyond the file"),
                bad("header length below the limit", length((16L << 20) - 1), "16777215 goes beyond the file"),
                bad("header length just beyond the limit", length((16L << 20) + 1), "16777217 is not in [1, 16777216]"),
                bad("header length 2^63", length(1L << 63), "header length 9223372036854775808 is not in"),
                bad("header not UTF-8", SafetensorsWriter.bytes(new byte[] {'{', (byte) 0xff, '}'}, eight), "UTF-8"),
                bad("header not JSON", header("{\"a\":", eight), "header is not valid JSON"),
                bad("header an array", header("[]", eight), "header is not an object"),
                bad("header with a byte before it", header(" {}", new byte[0]), "header is not an object"),
                bad("header with a tail", header("{" + A + "}{}", eight), "header continues"),
                bad(
                        "header nested deeply",
                        header("{\"__metadata__\":{\"a\":" + "[".repeat(2000), eight),
                        "header is not valid JSON"),
                bad("a name twice", header("{" + A + "," + A + "}", eight), "'a'"),
                bad("a tensor that is not an object", header("{\"a\":1}", eight), "a is not an object"),
                bad("no dtype", header("{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", eight), "a: no dtype"),
                bad("unknown dtype", tensor("Q9", "[2]", "[0,8]"), "a: unknown dtype Q9"),
                bad("no shape", header("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", eight), "a: shape"),
                bad("a size below 0", tensor("F32", "[-2]", "[0,8]"), "a: shape"),
                bad("a size with a fraction", tensor("F32", "[2.0]", "[0,8]"), "a: shape"),
                bad("a size of 2^64", tensor("F32", "[18446744073709551616]", "[0,8]"), "a: shape"),
                bad("sizes that overflow", tensor("F32", "[4294967296,4294967296,2]", "[0,8]"), "a: shape"),
                bad("too many dimensions", tensor("F32", "[2,1,1,1,1,1,1,1,1]", "[0,8]"), "a: shape"),
                bad("one offset", tensor("F32", "[2]", "[8]"), "a: data_offsets"),
                bad("reversed offsets", tensor("F32", "[2]", "[8,0]"), "a: data_offsets [8, 0] are reversed"),
                bad("offsets that do not fit the shape", tensor("F32", "[3]", "[0,8]"), "a: F32 [3] takes 12 bytes"),
                bad("a hole in front", tensor("F32", "[1]", "[4,8]"), "a: data_offsets leave a hole of 4 bytes"),
                bad("a tensor past the end", tensor("F32", "[4]", "[0,16]"), "a: data_offsets end at 16"),
                bad("trailing bytes", tensor("F32", "[1]", "[0,4]"), "4 trailing bytes"),
                bad(
                        "overlap",
                        header("{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}," + A + "}", eight),
                        "b: data_offsets overlap"),
                bad(
                        "a hole between",
                        header(
                                "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[12,16]}," + A + "}",
                                new byte[16]),
                        "b: data_offsets leave a hole of 4 bytes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badFiles")
    void shouldRefuseNamingFileAndField(String what, byte[] bytes, String expected) {
        Path file = write(bytes);
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> SafetensorsFile.map(file, "model.safetensors", arena))
                    .as(what)
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageStartingWith("model.safetensors: ")
                    .hasMessageContaining(expected)
                    .message()
                    .doesNotContain("\n");
        }
    }

    @Test
    void shouldRefuseAFixtureTruncatedAnywhere() throws Exception {
        byte[] whole = Files.readAllBytes(Fixture.path("variants/head-dim").resolve("model.safetensors"));
        long header = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long[] lengths = {0, 1, 7, 8, 9, header, 8 + header - 1, 8 + header, 8 + header + 1, whole.length - 1};
        for (long length : lengths) {
            Path file = write(Arrays.copyOf(whole, Math.toIntExact(length)));
            try (Arena arena = Arena.ofConfined()) {
                assertThatThrownBy(() -> SafetensorsFile.map(file, "model.safetensors", arena))
                        .as("%s bytes of %s", length, whole.length)
                        .isInstanceOf(ModelFormatException.class)
                        .hasMessageStartingWith("model.safetensors: ");
            }
        }
    }

    @Test
    void shouldRefuseAFolderAndWhatIsMissing() {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> SafetensorsFile.map(folder, "it", arena)).hasMessage("it: is not a regular file");
            assertThatThrownBy(() -> SafetensorsFile.map(folder.resolve("none"), "it", arena))
                    .hasMessage("it: is missing");
        }
    }

    private Path write(byte[] bytes) {
        Path file = folder.resolve("file.safetensors");
        SafetensorsWriter.write(file, bytes);
        return file;
    }

    private static Arguments bad(String what, byte[] bytes, String expected) {
        return Arguments.of(what, bytes, expected);
    }

    /** A file of 8 data bytes with one tensor. */
    private static byte[] tensor(String dtype, String shape, String offsets) {
        String header =
                "{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
        return header(header, new byte[8]);
    }

    private static byte[] header(String header, byte[] data) {
        return SafetensorsWriter.bytes(header.getBytes(StandardCharsets.UTF_8), data);
    }

    private static byte[] length(long value) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }
}
