package org.llavacluster.engine.simd.attention;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.BooleanSupplier;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.simd.kernel.SixteenBitFloat;
import org.llavacluster.engine.simd.kernel.SixteenBitSmallBatch;
import org.llavacluster.engine.simd.pack.HugeMemory;

/**
 * Memory of the paged KV cache. Keys are stored in the layout that the kernels multiply: for each layer and KV head, 16
 * slots as [headDim, 16]. Values are stored as [slots, headDim]. Where blocks are multiples of 16 positions, 16
 * positions of a sequence are adjacent.
 *
 * <p>The cache starts on small pages. One position touches a page per layer and KV head, and on huge pages all of those
 * would have to be cleared for the first token, 4 GB for a LLaMA 7B.
 */
public final class KvStore {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final KvLayout layout;
    private final MemorySegment keys;
    private final MemorySegment values;
    /** Null where the cache holds float32. */
    private final SixteenBitFloat halves;
    /** Slots rounded up to whole panels. */
    private final long slots;

    public KvStore(KvLayout layout, Arena arena) {
        this.layout = layout;
        this.halves = layout.dtype() == DType.F32 ? null : SixteenBitFloat.of(layout.dtype());
        this.slots = Math.ceilDiv(layout.positions(), PANEL) * PANEL;
        long elements = Math.multiplyExact(slots * layout.layers(), (long) layout.kvHeads() * layout.headDim());
        this.keys = HugeMemory.reserve(arena, elements * layout.dtype().bytes());
        this.values = HugeMemory.reserve(arena, elements * layout.dtype().bytes());
    }

    /** Moves the cache to huge pages while it is in use, until {@code stopping} is true. */
    public void settle(BooleanSupplier stopping) {
        HugeMemory.enlarge(keys, stopping);
        HugeMemory.enlarge(values, stopping);
    }

    public KvLayout layout() {
        return layout;
    }

    /** Stores one position of one KV head, rounded to the stored type; k [headDim] from {@code kAt}, v likewise. */
    void write(int layer, int kvHead, int slot, float[] k, int kAt, float[] v, int vAt) {
        int dim = layout.headDim();
        long key = head(layer, kvHead) + (long) slot / PANEL * PANEL * dim + slot % PANEL;
        long value = head(layer, kvHead) + (long) slot * dim;
        if (layout.dtype() == DType.F32) {
            for (int d = 0; d < dim; d++) {
                keys.setAtIndex(HostTensor.FLOAT, key + (long) d * PANEL, k[kAt + d]);
            }
            MemorySegment.copy(v, vAt, values, HostTensor.FLOAT, value * Float.BYTES, dim);
        } else {
            for (int d = 0; d < dim; d++) {
                keys.setAtIndex(SHORT, key + (long) d * PANEL, FloatConversion.narrow(layout.dtype(), k[kAt + d]));
                values.setAtIndex(SHORT, value + d, FloatConversion.narrow(layout.dtype(), v[vAt + d]));
            }
        }
    }

    /** Reads the keys of 16 slots from a multiple of 16 on: [headDim, 16]. */
    void keys(int layer, int kvHead, int slot, float[] to, int at) {
        read(keys, head(layer, kvHead) + (long) slot * layout.headDim(), to, at, PANEL * layout.headDim());
    }

    /** Reads one key into a column of 16: element d at {@code at + 16 * d}. */
    void key(int layer, int kvHead, int slot, float[] to, int at) {
        int dim = layout.headDim();
        long from = head(layer, kvHead) + (long) slot / PANEL * PANEL * dim + slot % PANEL;
        for (int d = 0; d < dim; d++) {
            long index = from + (long) d * PANEL;
            to[at + d * PANEL] = layout.dtype() == DType.F32
                    ? keys.getAtIndex(HostTensor.FLOAT, index)
                    : halves.widen(keys.getAtIndex(SHORT, index));
        }
    }

    /** Reads the values of some slots: [count, headDim]. */
    void values(int layer, int kvHead, int slot, int count, float[] to, int at) {
        int dim = layout.headDim();
        read(values, head(layer, kvHead) + (long) slot * dim, to, at, count * dim);
    }

    /**
     * Whether {@link #multiplyKeys} and {@link #multiplyValues} can be called: the positions of a panel are adjacent.
     */
    boolean direct() {
        return halves != null && layout.blockTokens() % PANEL == 0;
    }

    /**
     * Adds the scores of a few queries and two vectors of positions to y.
     *
     * @param x the queries, [headDim][rows]
     * @param slot of the first vector's first position, a multiple of the vector's length; {@code next} of the second's
     * @param y [rows][2 vectors]
     */
    void multiplyKeys(int layer, int kvHead, int slot, int next, int rows, float[] x, int xAt, float[] y, int at) {
        int dim = layout.headDim();
        long head = head(layer, kvHead);
        long a = (head + (long) slot / PANEL * PANEL * dim + slot % PANEL) * Short.BYTES;
        long b = (head + (long) next / PANEL * PANEL * dim + next % PANEL) * Short.BYTES;
        SixteenBitSmallBatch.multiply(rows, x, xAt, dim, keys, a, b, PANEL * Short.BYTES, halves, y, at);
    }

    /**
     * Adds some positions' values, weighted for a few queries, to y: two vectors along headDim.
     *
     * @param count of positions, whose slots follow each other
     * @param column of headDim that the first vector begins at
     * @param x the weights, [count][rows]
     * @param y [rows][2 vectors]
     */
    void multiplyValues(
            int layer, int kvHead, int slot, int count, int column, int rows, float[] x, int xAt, float[] y, int at) {
        int dim = layout.headDim();
        long a = (head(layer, kvHead) + (long) slot * dim + column) * Short.BYTES;
        long stride = (long) dim * Short.BYTES;
        SixteenBitSmallBatch.multiply(rows, x, xAt, count, values, a, a + COUNT * Short.BYTES, stride, halves, y, at);
    }

    private long head(int layer, int kvHead) {
        return ((long) layer * layout.kvHeads() + kvHead) * slots * layout.headDim();
    }

    private void read(MemorySegment from, long first, float[] to, int at, int count) {
        if (halves == null) {
            MemorySegment.copy(from, HostTensor.FLOAT, first * Float.BYTES, to, at, count);
        } else {
            halves.widen(from, first * Short.BYTES, to, at, count);
        }
    }
}
