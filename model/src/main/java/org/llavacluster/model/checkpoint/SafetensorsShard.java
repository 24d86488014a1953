package org.llavacluster.model.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One safetensors file to be written: a header, then the tensors one after the other. */
public record SafetensorsShard(List<WrittenTensor> tensors) {

    /** Headers are padded to a multiple of this, so that tensors are aligned. */
    private static final int ALIGNMENT = 64;

    private static final ObjectMapper JSON = new ObjectMapper();

    public SafetensorsShard {
        tensors = List.copyOf(tensors);
    }

    /** Size of the tensors' content. */
    public long bytes() {
        return tensors.stream().mapToLong(WrittenTensor::bytes).sum();
    }

    /** Writes the whole file, which must not exist, and forces it to the disk. */
    public void write(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            write(channel);
            channel.force(true);
        }
    }

    /**
     * Writes the whole file under another name first, so that it appears whole or not at all.
     *
     * @param partial in the same folder; what an interrupted write has left there is replaced
     */
    public void write(Path file, Path partial) throws IOException {
        Files.deleteIfExists(partial);
        try {
            write(partial);
        } catch (IOException | RuntimeException e) {
            // What the disk still held of it would be in the way of the next try.
            Files.deleteIfExists(partial);
            throw e;
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Writes the whole file.
     *
     * @throws IllegalStateException if a tensor's content has another size than it says
     */
    public void write(WritableByteChannel file) throws IOException {
        WrittenTensor.writeAll(file, ByteBuffer.wrap(header()));
        for (WrittenTensor tensor : tensors) {
            CountingChannel counted = new CountingChannel(file);
            tensor.content().writeTo(counted);
            if (counted.written != tensor.bytes()) {
                throw new IllegalStateException(
                        tensor.name() + ": " + counted.written + " bytes were written of " + tensor.bytes());
            }
        }
    }

    /** The length, then JSON, then spaces. */
    private byte[] header() throws IOException {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("__metadata__", Map.of("format", "pt"));
        long offset = 0;
        for (WrittenTensor tensor : tensors) {
            long end = offset + tensor.bytes();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", tensor.dtype());
            entry.put("shape", tensor.shape());
            entry.put("data_offsets", List.of(offset, end));
            entries.put(tensor.name(), entry);
            offset = end;
        }
        byte[] json = JSON.writeValueAsBytes(entries);
        int whole = Math.ceilDiv(Long.BYTES + json.length, ALIGNMENT) * ALIGNMENT;
        byte[] bytes = new byte[whole];
        Arrays.fill(bytes, (byte) ' ');
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(whole - Long.BYTES)
                .put(json);
        return bytes;
    }

    private static final class CountingChannel implements WritableByteChannel {

        private final WritableByteChannel file;
        private long written;

        CountingChannel(WritableByteChannel file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int count = file.write(bytes);
            written += count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() {}
    }
}
