package org.llavacluster.model.bench.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.llavacluster.model.checkpoint.SafetensorsShard;
import org.llavacluster.model.checkpoint.WrittenTensor;

/** The tensors of one file of weights. */
record WeightShard(List<NamedShape> tensors) {

    /** Bytes written at once, which is all of a tensor that is in memory. */
    private static final int PIECE = 1 << 20;

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

    /** The file with its content. */
    SafetensorsShard filled(Function<NamedShape, RandomValues> values) {
        return new SafetensorsShard(tensors.stream()
                .map(tensor -> new WrittenTensor(
                        tensor.name(),
                        NamedShape.DTYPE.name(),
                        tensor.shape(),
                        tensor.bytes(),
                        file -> write(file, tensor.bytes(), values.apply(tensor))))
                .toList());
    }

    private static void write(WritableByteChannel file, long bytes, RandomValues random) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE).order(ByteOrder.LITTLE_ENDIAN);
        for (long left = bytes; left > 0; left -= piece.limit()) {
            piece.clear().limit((int) Math.min(PIECE, left));
            random.fill(piece);
            piece.flip();
            while (piece.hasRemaining()) {
                file.write(piece);
            }
        }
    }
}
