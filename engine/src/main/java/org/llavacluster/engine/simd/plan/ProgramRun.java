package org.llavacluster.engine.simd.plan;

import java.util.Optional;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Signature;
import org.llavacluster.engine.program.Value;
import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.Work;
import org.llavacluster.engine.simd.threads.WorkerPool;

/** What the steps of one run of a program share. Buffers stay for the next run and grow to the largest. */
final class ProgramRun {

    /** Work of fewer elements is not worth waking other threads for. */
    private static final int WORTH_SHARING = 1 << 15;

    final WorkerPool pool;
    final Scratch scratch = new Scratch();
    private final float[][] buffers;
    private float[] packed = {};
    /** Ids and indices by the value that they are. */
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

    /** The elements of a value that was computed. */
    float[] get(Slot place) {
        return place.buffer() < 0 ? place.constant() : buffers[place.buffer()];
    }

    /** Room for the elements of a value that is to be computed. */
    float[] room(Slot place, int elements) {
        if (buffers[place.buffer()].length < elements) {
            buffers[place.buffer()] = new float[elements];
        }
        return buffers[place.buffer()];
    }

    /** Room for what one step needs besides its operands and its result. */
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

    /** Does pieces of work that go over so many elements altogether. */
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
