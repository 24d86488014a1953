package org.llavacluster.model.bench.folder;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One safetensors file: tensors one after the other behind a header. */
record Shard(List<NamedShape> tensors) {

    /** Written at once: all that is held of a tensor. */
    private static final int PIECE = 1 << 20;

    /** What headers are filled up to, so that tensors are aligned. */
    private static final int ALIGNMENT = 64;

    Shard {
        tensors = List.copyOf(tensors);
    }

    /** Splits tensors over files of at most so many bytes, one tensor at least in each. */
    static List<Shard> split(List<NamedShape> tensors, long mostBytes) {
        List<Shard> shards = new ArrayList<>();
        List<NamedShape> open = new ArrayList<>();
        long bytes = 0;
        for (NamedShape tensor : tensors) {
            if (!open.isEmpty() && bytes + tensor.bytes() > mostBytes) {
                shards.add(new Shard(open));
                open.clear();
                bytes = 0;
            }
            open.add(tensor);
            bytes += tensor.bytes();
        }
        shards.add(new Shard(open));
        return shards;
    }

    long bytes() {
        return tensors.stream().mapToLong(NamedShape::bytes).sum();
    }

    /** Writes the whole file. */
    void write(WritableByteChannel file, Function<NamedShape, RandomValues> values) throws IOException {
        writeAll(file, ByteBuffer.wrap(header()));
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE).order(ByteOrder.LITTLE_ENDIAN);
        for (NamedShape tensor : tensors) {
            RandomValues random = values.apply(tensor);
            for (long left = tensor.bytes(); left > 0; left -= piece.limit()) {
                piece.clear().limit((int) Math.min(PIECE, left));
                random.fill(piece);
                writeAll(file, piece.flip());
            }
        }
    }

    /** The length, then JSON, then spaces. */
    private byte[] header() throws IOException {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("__metadata__", Map.of("format", "pt"));
        long offset = 0;
        for (NamedShape tensor : tensors) {
            long end = offset + tensor.bytes();
            entries.put(
                    tensor.name(),
                    Map.of(
                            "dtype", NamedShape.DTYPE.name(),
                            "shape", tensor.shape(),
                            "data_offsets", List.of(offset, end)));
            offset = end;
        }
        byte[] json = new ObjectMapper().writeValueAsBytes(entries);
        int whole = Math.ceilDiv(Long.BYTES + json.length, ALIGNMENT) * ALIGNMENT;
        byte[] bytes = new byte[whole];
        Arrays.fill(bytes, (byte) ' ');
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(whole - Long.BYTES)
                .put(json);
        return bytes;
    }

    private static void writeAll(WritableByteChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }
}
