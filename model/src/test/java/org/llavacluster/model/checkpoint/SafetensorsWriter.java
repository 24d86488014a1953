package org.llavacluster.model.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** Writes safetensors files, well-formed and malformed. */
final class SafetensorsWriter {

    /** The file of tensors that are not in a file yet. */
    static final WeightFile UNWRITTEN = new WeightFile("", Path.of(""), Optional.empty());

    private SafetensorsWriter() {}

    /** Writes tensors one after the other, in a file that any reader accepts. */
    static void write(Path file, List<CheckpointTensor> tensors) {
        StringJoiner header = new StringJoiner(",", "{", "}");
        int size = 0;
        for (CheckpointTensor tensor : tensors) {
            long end = size + tensor.bytes().byteSize();
            header.add("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                    .formatted(tensor.name(), tensor.dtype(), Arrays.toString(tensor.shape()), size, end));
            size = Math.toIntExact(end);
        }
        ByteBuffer data = ByteBuffer.allocate(size);
        tensors.forEach(tensor -> data.put(tensor.bytes().asByteBuffer()));
        write(file, bytes(header.toString(), data.array()));
    }

    static byte[] bytes(String header, byte[] data) {
        return bytes(header.getBytes(StandardCharsets.UTF_8), data);
    }

    static byte[] bytes(byte[] header, byte[] data) {
        return ByteBuffer.allocate(Long.BYTES + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(data)
                .array();
    }

    static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static CheckpointTensor tensor(String name, String dtype, byte[] bytes, long... shape) {
        return new CheckpointTensor(UNWRITTEN, 0, name, dtype, shape, MemorySegment.ofArray(bytes));
    }
}
