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

/** One safetensors file: a header, then the tensors one after the other. */
record WeightShard(List<NamedShape> tensors) {

    /** Bytes written at once, which is all of a tensor that is in memory. */
    private static final int PIECE = 1 << 20;

    /** Headers are padded to a multiple of this, so that tensors are aligned. */
    private static final int ALIGNMENT = 64;

    WeightShard {
        tensors = List.copyOf(tensors);
    }

    /** Splits tensors over files of at most that many bytes, with at least one tensor in each. */
    static List<WeightShard> split(List<NamedShape> tensors, long mostBytes) {
        List<WeightShard> shards = new ArrayList<>();
        List<NamedShape> open = new ArrayList<>();
        long bytes = 0;
        for (NamedShape tensor : tensors) {
            if (!open.isEmpty() && bytes + tensor.bytes() > mostBytes) {
                shards.add(new WeightShard(open));
                open.clear();
                bytes = 0;
            }
            open.add(tensor);
            bytes += tensor.bytes();
        }
        shards.add(new WeightShard(open));
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
