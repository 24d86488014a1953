package org.llavacluster.engine.simd.attention;

import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.Work;

/** Keys and values of groups of rows, packed before attention runs over them. */
final class GroupTiles implements HeadTiles, Work {

    private final HeadShape shape;
    private float[] k;
    private float[] v;
    private int groupRows;
    private int tiles;
    private float[] keys = {};
    private float[] values = {};

    GroupTiles(HeadShape shape) {
        this.shape = shape;
    }

    /**
     * Prepares packing. {@link #piece} then packs one pair of group and KV head, of which there are {@code groups *
     * kvHeads}.
     *
     * @param fromK [groups * rows, kvHeads * headDim]; fromV likewise
     */
    void prepare(float[] fromK, float[] fromV, int groups, int rows) {
        k = fromK;
        v = fromV;
        groupRows = rows;
        tiles = Math.ceilDiv(rows, POSITIONS);
        int all = groups * shape.kvHeads() * tiles * POSITIONS;
        if (keys.length < all * shape.headDim()) {
            keys = new float[all * shape.headDim()];
        }
        if (values.length < all * shape.valueStride()) {
            values = new float[all * shape.valueStride()];
        }
    }

    @Override
    public void piece(int index, Scratch scratch) {
        int group = index / shape.kvHeads();
        int head = index % shape.kvHeads();
        int dim = shape.headDim();
        int columns = shape.kvHeads() * dim;
        int keysAt = index * tiles * POSITIONS * dim;
        int valuesAt = index * tiles * POSITIONS * shape.valueStride();
        for (int row = 0; row < groupRows; row++) {
            int from = (group * groupRows + row) * columns + head * dim;
            int key = keysAt + row / PANEL * PANEL * dim + row % PANEL;
            for (int d = 0; d < dim; d++) {
                keys[key + d * PANEL] = k[from + d];
            }
            System.arraycopy(v, from, values, valuesAt + row * shape.valueStride(), dim);
        }
    }

    @Override
    public void load(int sequence, int kvHead, int tile, int count, Place to, Scratch scratch) {
        int at = ((sequence * shape.kvHeads() + kvHead) * tiles + tile) * POSITIONS;
        to.keys = keys;
        to.keysAt = at * shape.headDim();
        to.values = values;
        to.valuesAt = at * shape.valueStride();
    }
}
