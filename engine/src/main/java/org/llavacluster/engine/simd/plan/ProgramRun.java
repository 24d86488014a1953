package org.llavacluster.engine.simd.plan;

import java.util.Optional;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Signature;
import org.llavacluster.engine.program.Value;
import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.Work;
import org.llavacluster.engine.simd.threads.WorkerPool;

/** State that the steps of one run share. Buffers are kept for the next run and grow to the largest size needed. */
final class ProgramRun {

    /** With fewer elements, waking other threads costs more than it saves. */
    private static final int WORTH_SHARING = 1 << 15;

    final WorkerPool pool;
    final Scratch scratch = new Scratch();
    private final float[][] buffers;
    private float[] packed = {};
    /** Ids and indices, by value. */
    private final int[][] ints;

    private Signature.Sizes sizes;
    private Optional<KvStep> step = Optional.empty();

    ProgramRun(WorkerPool pool, int buffers, int values) {
        this.pool = pool;
        this.buffers = new float[buffers][0];
        this.ints = new int[values][];
    }

    void begin(Signature.Sizes bound, Optional<KvStep> rows) {
        sizes = bound;
        step = rows;
    }

    KvStep step() {
        return step.orElseThrow();
    }

    int size(Dim dim) {
        return Math.toIntExact(sizes.of(dim));
    }

    int rows(Value value) {
        return size(value.shape().getFirst());
    }

    int elements(Value value) {
        long product = 1;
        for (Dim dim : value.shape()) {
            product = Math.multiplyExact(product, sizes.of(dim));
        }
        return Math.toIntExact(product);
    }

    long[] shape(Value value) {
        return sizes.of(value.shape());
    }

    /** The elements of a computed value. */
    float[] get(Slot slot) {
        return slot.buffer() < 0 ? slot.constant() : buffers[slot.buffer()];
    }

    /** Memory for the elements of a value that is about to be computed. */
    float[] room(Slot slot, int elements) {
        if (buffers[slot.buffer()].length < elements) {
            buffers[slot.buffer()] = new float[elements];
        }
        return buffers[slot.buffer()];
    }

    /** Memory that one step needs besides its operands and its result. */
    float[] packed(int elements) {
        if (packed.length < elements) {
            packed = new float[elements];
        }
        return packed;
    }

    int[] ints(Value value) {
        return ints[value.id()];
    }

    int[] roomForInts(Value value, int elements) {
        if (ints[value.id()] == null || ints[value.id()].length < elements) {
            ints[value.id()] = new int[elements];
        }
        return ints[value.id()];
    }

    /** Runs pieces of work, on several threads if they cover enough elements. */
    void share(int pieces, long elements, Work work) {
        if (elements < WORTH_SHARING) {
            for (int i = 0; i < pieces; i++) {
                work.piece(i, scratch);
            }
        } else {
            pool.run(pieces, work, scratch);
        }
    }
}
