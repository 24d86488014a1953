package org.llavacluster.training.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.model.checkpoint.StoredTensor;
import org.llavacluster.model.checkpoint.WrittenTensor;

/**
 * One tensor of a result: a model's or delta's tensor with the base's tensor of the same name. Where the base is
 * smaller, only its block at the top left is combined, and the rest is copied: rows of tokens that were added.
 *
 * @param base absent for tensors that are copied
 */
record DeltaTensor(StoredTensor tensor, Optional<StoredTensor> base) {

    /** Tensors that a LLaMA does not have. */
    private static final Set<String> NEW = Set.of("model.mm_projector.weight", "model.mm_projector.bias");

    /** Tensors that grow by the rows of added tokens. */
    private static final Set<String> GROWING = Set.of("model.embed_tokens.weight", "lm_head.weight");

    private static final int PIECE = 1 << 20;

    /** Why this tensor does not fit its base; empty if it does. */
    Optional<String> misfit() {
        if (!HalfTensor.canRead(tensor) || base.isPresent() && !HalfTensor.canRead(base.get())) {
            String dtype = HalfTensor.canRead(tensor) ? base.get().dtype() : tensor.dtype();
            return Optional.of(tensor.name() + ": dtype " + dtype + " is not F16, BF16 or F32");
        }
        if (base.isEmpty()) {
            return NEW.contains(tensor.name()) ? Optional.empty() : Optional.of(tensor.name() + ": not in the base");
        }
        List<Long> shape = tensor.shape();
        List<Long> ofBase = base.get().shape();
        if (shape.equals(ofBase)) {
            return Optional.empty();
        }
        if (!GROWING.contains(tensor.name()) || shape.size() != 2 || ofBase.size() != 2) {
            return Optional.of(tensor.name() + ": shape " + shape + ", in the base " + ofBase);
        }
        return ofBase.get(0) <= shape.get(0) && ofBase.get(1) <= shape.get(1)
                ? Optional.empty()
                : Optional.of(tensor.name() + ": shape " + shape + ", in the base larger, " + ofBase);
    }

    WrittenTensor combined(DeltaDirection direction) {
        long bytes = Math.multiplyExact(tensor.elements(), Short.BYTES);
        return new WrittenTensor(tensor.name(), "F16", tensor.shape(), bytes, file -> {
            write(file, direction);
            tensor.unload();
            base.ifPresent(StoredTensor::unload);
        });
    }

    private void write(WritableByteChannel file, DeltaDirection direction) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE).order(ByteOrder.LITTLE_ENDIAN);
        HalfTensor own = new HalfTensor(tensor);
        Optional<HalfTensor> other = base.map(HalfTensor::new);
        long columns = tensor.shape().size() == 2 ? tensor.shape().get(1) : 1;
        long baseRows = other.map(b -> rows(b.tensor())).orElse(0L);
        long baseColumns = other.filter(b -> b.tensor().shape().size() == 2)
                .map(b -> b.tensor().shape().get(1))
                .orElse(1L);
        long elements = tensor.elements();
        for (long first = 0; first < elements; first += PIECE / Short.BYTES) {
            piece.clear();
            long end = Math.min(elements, first + PIECE / Short.BYTES);
            for (long i = first; i < end; i++) {
                long row = i / columns;
                long column = i - row * columns;
                boolean inBase = row < baseRows && column < baseColumns;
                short value = own.get(i);
                piece.putShort(inBase ? direction.combine(value, other.get().get(row * baseColumns + column)) : value);
            }
            piece.flip();
            while (piece.hasRemaining()) {
                file.write(piece);
            }
        }
    }

    /** Rows of a matrix; elements of anything else, as if it were one column. */
    private static long rows(StoredTensor tensor) {
        return tensor.shape().size() == 2 ? tensor.shape().get(0) : tensor.elements();
    }
}
