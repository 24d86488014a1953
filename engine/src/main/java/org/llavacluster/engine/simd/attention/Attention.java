package org.llavacluster.engine.simd.attention;

import static org.llavacluster.engine.simd.attention.HeadTiles.POSITIONS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import java.util.Arrays;
import java.util.Optional;
import org.llavacluster.engine.simd.kernel.Lanes;
import org.llavacluster.engine.simd.kernel.Softmax;
import org.llavacluster.engine.simd.kernel.Tile;
import org.llavacluster.engine.simd.threads.Scratch;

/**
 * Scaled dot-product attention for queries that share a KV head, one tile of positions after the other, with an online
 * softmax. A query is one query head of one row. Scores are chains of fused multiply-adds over headDim, results are
 * chains over positions, so a query's result does not depend on other queries.
 */
final class Attention {

    /** Largest number of queries that go through the tiles together. */
    static final int QUERIES = 48;

    private final HeadShape shape;
    private final float scale;

    Attention(HeadShape shape) {
        this.shape = shape;
        this.scale = (float) (1 / Math.sqrt(shape.headDim()));
    }

    /**
     * Selects queries {@code first .. first + count - 1} of the rows from {@code row} on, with {@code sharing} queries
     * per row.
     *
     * @param row in q and y
     * @param seen number of positions that the first row sees
     * @param seenMore how many more positions each next row sees: 1 or 0
     */
    record Queries(int sequence, int kvHead, int row, int first, int count, int seen, int seenMore) {}

    /** @param q [rows, heads * headDim]; y likewise */
    void attend(Queries queries, HeadTiles tiles, float[] q, float[] y, Scratch scratch) {
        int count = queries.count();
        int dim = shape.headDim();
        int stride = shape.valueStride();
        // Of each query: 16 partial sums, the maximum so far, and the number of positions that it sees.
        int perQuery = PANEL + 1;
        float[] rows = scratch.rows(count * (dim + POSITIONS + perQuery));
        int weightsAt = count * dim;
        int stateAt = weightsAt + count * POSITIONS;
        float[] scores = scratch.scores(count * POSITIONS);
        float[] sums = scratch.sums(count * stride);
        Arrays.fill(sums, 0, count * stride, 0);
        for (int i = 0; i < count; i++) {
            Arrays.fill(rows, stateAt + i * perQuery, stateAt + i * perQuery + PANEL, 0);
            rows[stateAt + i * perQuery + PANEL] = Float.NEGATIVE_INFINITY;
        }
        pack(queries, q, rows);
        HeadTiles.Place tile = new HeadTiles.Place();
        Optional<FewQueryTiles> few = tiles.few(count);
        int end = seen(queries, count - 1);
        for (int first = 0; first < end; first += POSITIONS) {
            int positions = Math.min(POSITIONS, end - first);
            if (few.isPresent()) {
                directScores(queries, few.get(), first / POSITIONS, positions, rows, scores);
            } else {
                tiles.load(queries.sequence(), queries.kvHead(), first / POSITIONS, positions, tile, scratch);
                scores(count, rows, tile, scores, positions);
            }
            for (int i = 0; i < count; i++) {
                int r = groupRows(i, count);
                int firstOfGroup = i - placeInGroup(i, count);
                float change = Softmax.tile(
                        scores,
                        i * Tile.COLUMNS,
                        count * Tile.COLUMNS,
                        POSITIONS,
                        seen(queries, i) - first,
                        scale,
                        rows,
                        stateAt + i * perQuery,
                        weightsAt + firstOfGroup * POSITIONS + (i - firstOfGroup),
                        r,
                        scratch.partial());
                if (change != 1) {
                    rescale(sums, i, count, change);
                }
            }
            if (few.isPresent()) {
                directValues(queries, few.get(), first / POSITIONS, positions, rows, weightsAt, sums);
            } else {
                values(count, rows, weightsAt, tile, sums, positions);
            }
        }
        for (int i = 0; i < count; i++) {
            float sum = Softmax.sum(rows, stateAt + i * perQuery, scratch.partial());
            finish(queries, i, sums, sum, y);
        }
    }

    private int seen(Queries queries, int i) {
        return queries.seen() + (queries.first() + i) / shape.sharing() * queries.seenMore();
    }

    /** Offset of query i in q and y. */
    private int place(Queries queries, int i) {
        int query = queries.first() + i;
        int head = queries.kvHead() * shape.sharing() + query % shape.sharing();
        return ((queries.row() + query / shape.sharing()) * shape.heads() + head) * shape.headDim();
    }

    /** Rows of the register tile that computes query i. */
    private static int groupRows(int i, int count) {
        return group(count - (i - placeInGroup(i, count)), count);
    }

    private static int placeInGroup(int i, int count) {
        int first = i / mostInGroup(count) * mostInGroup(count);
        while (true) {
            int rows = group(count - first, count);
            if (i < first + rows) {
                return i - first;
            }
            first += rows;
        }
    }

    /** Queries of the next tile when {@code left} of {@code count} remain. */
    private static int group(int left, int count) {
        return Tile.rowsOf(left, mostInGroup(count));
    }

    /** Kernels that read the cache directly take powers of two. */
    private static int mostInGroup(int count) {
        return count > FewQueryTiles.MOST ? Tile.MOST_ROWS : Integer.highestOneBit(Tile.MOST_ROWS);
    }

    /** Queries packed for tiles: [headDim][rows of the tile]. */
    private void pack(Queries queries, float[] q, float[] packed) {
        int dim = shape.headDim();
        for (int first = 0, rows; first < queries.count(); first += rows) {
            rows = group(queries.count() - first, queries.count());
            for (int r = 0; r < rows; r++) {
                int from = place(queries, first + r);
                for (int d = 0; d < dim; d++) {
                    packed[first * dim + d * rows + r] = q[from + d];
                }
            }
        }
    }

    /** Scores [positions / COLUMNS][queries][COLUMNS]. */
    private void scores(int count, float[] packed, HeadTiles.Place tile, float[] scores, int positions) {
        int dim = shape.headDim();
        Arrays.fill(scores, 0, count * POSITIONS, 0);
        for (int column = 0; column < positions; column += Tile.COLUMNS) {
            int w0 = tile.keysAt + keys(column, dim);
            int w1 = tile.keysAt + keys(column + Lanes.COUNT, dim);
            for (int first = 0, rows; first < count; first += rows) {
                rows = group(count - first, count);
                int y = column * count + first * Tile.COLUMNS;
                Tile.multiply(rows, packed, first * dim, tile.keys, w0, w1, PANEL, dim, scores, y);
            }
        }
    }

    private void directScores(
            Queries queries, FewQueryTiles tiles, int tile, int positions, float[] packed, float[] scores) {
        int count = queries.count();
        Arrays.fill(scores, 0, count * POSITIONS, 0);
        for (int first = 0, rows; first < count; first += rows) {
            rows = group(count - first, count);
            tiles.scores(queries, tile, positions, first, rows, packed, scores);
        }
    }

    private void directValues(
            Queries queries, FewQueryTiles tiles, int tile, int positions, float[] rows, int weightsAt, float[] sums) {
        int count = queries.count();
        for (int first = 0, group; first < count; first += group) {
            group = group(count - first, count);
            int x = weightsAt + first * POSITIONS;
            tiles.values(queries, tile, positions, first, group, rows, x, sums);
        }
    }

    private static int keys(int position, int dim) {
        return position / PANEL * PANEL * dim + position % PANEL;
    }

    /** Adds the weighted values of the tile to sums [headDim / COLUMNS][queries][COLUMNS]. */
    private void values(int count, float[] rows, int weightsAt, HeadTiles.Place tile, float[] sums, int positions) {
        int stride = shape.valueStride();
        for (int column = 0; column < shape.headDim(); column += Tile.COLUMNS) {
            int w0 = tile.valuesAt + column;
            for (int first = 0, group; first < count; first += group) {
                group = group(count - first, count);
                int y = column * count + first * Tile.COLUMNS;
                int x = weightsAt + first * POSITIONS;
                Tile.multiply(group, rows, x, tile.values, w0, w0 + Lanes.COUNT, stride, positions, sums, y);
            }
        }
    }

    private void rescale(float[] sums, int i, int count, float change) {
        for (int column = 0; column < shape.headDim(); column += Tile.COLUMNS) {
            int at = column * count + i * Tile.COLUMNS;
            for (int c = 0; c < Tile.COLUMNS; c++) {
                sums[at + c] *= change;
            }
        }
    }

    /**
     * Writes {@code sums / sum}. Adding zero turns a negative zero into a positive one: a chain that rounds to zero can
     * end in either, depending on positions of weight 0, which differ between chunks.
     */
    private void finish(Queries queries, int i, float[] sums, float sum, float[] y) {
        int to = place(queries, i);
        for (int d = 0; d < shape.headDim(); d++) {
            int column = d / Tile.COLUMNS * Tile.COLUMNS;
            y[to + d] = (sums[column * queries.count() + i * Tile.COLUMNS + d % Tile.COLUMNS] + 0f) / sum;
        }
    }
}
