package org.llavacluster.model.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One safetensors file to be written: a header, then the tensors one after the other. */
public record SafetensorsShard(List<WrittenTensor> tensors) {

    /** The file that says which file of a folder each tensor is in. */
    public static final String INDEX = WeightFiles.INDEX;

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

    /**
     * Writes the index of a folder.
     *
     * @param shards by the names of their files
     */
    public static void writeIndex(Path folder, Map<String, SafetensorsShard> shards) throws IOException {
        Map<String, String> places = new TreeMap<>();
        shards.forEach((file, shard) -> shard.tensors().forEach(tensor -> places.put(tensor.name(), file)));
        long bytes = shards.values().stream().mapToLong(SafetensorsShard::bytes).sum();
        Files.write(
                folder.resolve(INDEX),
                JSON.writeValueAsBytes(Map.of("metadata", Map.of("total_size", bytes), "weight_map", places)));
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
