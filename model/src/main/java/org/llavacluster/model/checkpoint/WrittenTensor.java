package org.llavacluster.model.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Objects;

/**
 * A tensor to be written to a safetensors file.
 *
 * @param dtype as the file writes it
 * @param bytes size of its content
 * @param content writes exactly that many bytes: little-endian, row-major
 */
public record WrittenTensor(String name, String dtype, List<Long> shape, long bytes, Content content) {

    /** Bytes that are written at once. */
    private static final int PIECE = 1 << 20;

    /** Writes the bytes of a tensor. */
    @FunctionalInterface
    public interface Content {
        void writeTo(WritableByteChannel file) throws IOException;
    }

    public WrittenTensor {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(dtype, "dtype");
        shape = List.copyOf(shape);
        Objects.requireNonNull(content, "content");
    }

    /** A tensor whose content is in memory. */
    public static WrittenTensor of(String name, String dtype, List<Long> shape, MemorySegment content) {
        return new WrittenTensor(name, dtype, shape, content.byteSize(), file -> {
            for (long done = 0; done < content.byteSize(); done += PIECE) {
                long size = Math.min(PIECE, content.byteSize() - done);
                writeAll(file, content.asSlice(done, size).asByteBuffer());
            }
        });
    }

    static void writeAll(WritableByteChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }
}
