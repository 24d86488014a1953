package org.llavacluster.engine.simd.plan;

import java.util.Arrays;
import java.util.List;
import org.llavacluster.engine.program.Value;
import org.llavacluster.engine.simd.kernel.Activations;
import org.llavacluster.engine.simd.kernel.Addition;
import org.llavacluster.engine.simd.kernel.Gemv;
import org.llavacluster.engine.simd.kernel.Lanes;
import org.llavacluster.engine.simd.kernel.Tile;
import org.llavacluster.engine.simd.pack.PackedMatrix;
import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.Work;

/**
 * Linear layers that read the same rows, each with its bias, activation and residual. A piece of work covers some
 * columns of some rows.
 */
final class LinearStep implements PlannedStep, Work {

    /** Values of k that are packed at once for a small batch. */
    private static final int FEW_DEPTH = 8 * PackedMatrix.BLOCK;

    /**
     * Rows of a piece: their sums, 36 KB for two panels, fit the first-level cache. A multiple of the rows of every
     * largest tile.
     */
    private static final int PIECE_ROWS = 288;

    /** Panels of a piece. */
    private static final int PANELS = PackedMatrix.MANY_COLUMNS / Lanes.PANEL;

    /** Panels of a piece where there are a few rows: {@link PackedMatrix#multiplyFew} goes through pairs of them. */
    private static final int FEW_PANELS = 2 * PANELS;

    /** Panels of a piece where there is one row. */
    private static final int ROW_PANELS = Math.max(1, Gemv.COLUMNS / Lanes.PANEL);

    /** The activation applied to the sums of a layer. */
    enum Activation {
        NONE,
        QUICK_GELU,
        GELU
    }

    /**
     * One layer.
     *
     * @param bias padded to the matrix's panels, or null
     * @param residual added last, [rows, columns], or null
     */
    record Layer(PackedMatrix matrix, float[] bias, Activation activation, Slot residual, Slot result) {}

    private final Value x;
    private final Slot xPlace;
    private final int depth;
    private final List<Layer> layers;
    private final float[][] results;
    private final float[][] residuals;
    private final Packing packing;
    /** The rows packed for tiles: tile after tile, each [depth][rows of the tile]. */
    private float[] packed;

    private int rows;
    /** Rows that the small-batch kernel computes; 0 for a single row and for larger batches. */
    private int few;
    /** Panels of a piece. */
    private int panels;

    LinearStep(Value x, Slot xPlace, List<Layer> layers) {
        this.x = x;
        this.xPlace = xPlace;
        this.depth = Math.toIntExact(x.columns());
        this.layers = List.copyOf(layers);
        this.results = new float[layers.size()][];
        this.residuals = new float[layers.size()][];
        this.packing = new Packing();
    }

    @Override
    public void run(ProgramRun run) {
        rows = run.rows(x);
        few = few();
        panels = rows == 1 ? ROW_PANELS : few > 0 ? FEW_PANELS : PANELS;
        int columnPieces = 0;
        long weights = 0;
        for (int i = 0; i < results.length; i++) {
            Layer layer = layers.get(i);
            results[i] = run.room(layer.result(), rows * layer.matrix().columns());
            residuals[i] = layer.residual() == null ? null : run.get(layer.residual());
            columnPieces += pieces(layer);
            weights += (long) layer.matrix().columns() * depth;
        }
        packing.pack(run);
        run.share(columnPieces * Math.ceilDiv(rows, PIECE_ROWS), weights * rows, this);
    }

    @Override
    public void piece(int index, Scratch scratch) {
        int rowPieces = Math.ceilDiv(rows, PIECE_ROWS);
        int firstRow = index % rowPieces * PIECE_ROWS;
        int count = Math.min(PIECE_ROWS, rows - firstRow);
        int left = index / rowPieces;
        int i = 0;
        while (left >= pieces(layers.get(i))) {
            left -= pieces(layers.get(i++));
        }
        Layer layer = layers.get(i);
        int firstColumn = left * panels * Lanes.PANEL;
        int columns = Math.min(panels * Lanes.PANEL, layer.matrix().panels() * Lanes.PANEL - firstColumn);
        // Rows of the sums: the small-batch kernel may compute more rows than exist.
        int held = Math.max(count, few);
        float[] sums = scratch.sums(held * panels * Lanes.PANEL);
        if (rows == 1) {
            for (int column = 0; column < columns; column += Gemv.COLUMNS) {
                layer.matrix().multiply(packed, firstColumn + column, sums, column);
            }
        } else if (few > 0) {
            Arrays.fill(sums, 0, held * columns, 0);
            layer.matrix().multiplyFew(few, packed, firstColumn, columns, sums, 0, scratch);
        } else {
            Arrays.fill(sums, 0, held * columns, 0);
            layer.matrix().multiplyMany(packed, firstRow, count, firstColumn, sums, scratch);
        }
        finish(layer, firstColumn, columns, held, sums);
        store(layer, results[i], residuals[i], firstColumn, columns, firstRow, count, held, sums);
    }

    private int pieces(Layer layer) {
        return Math.ceilDiv(layer.matrix().panels(), panels);
    }

    private int few() {
        int most = layers.getFirst().matrix().fewRows();
        return rows < 2 || rows > most ? 0 : rows == 2 ? 2 : rows <= 4 ? 4 : 8;
    }

    private static void finish(Layer layer, int firstColumn, int columns, int count, float[] sums) {
        if (layer.bias() != null) {
            for (int i = 0; i < count * columns; i += Tile.COLUMNS) {
                int column = firstColumn + i / (count * Tile.COLUMNS) * Tile.COLUMNS;
                Addition.add(sums, i, layer.bias(), column, sums, i, Tile.COLUMNS);
            }
        }
        switch (layer.activation()) {
            case QUICK_GELU -> Activations.quickGelu(sums, 0, sums, 0, count * columns);
            case GELU -> Activations.gelu(sums, 0, sums, 0, count * columns);
            case NONE -> {}
        }
    }

    private static void store(
            Layer layer,
            float[] y,
            float[] residual,
            int firstColumn,
            int columns,
            int firstRow,
            int count,
            int held,
            float[] sums) {
        int all = layer.matrix().columns();
        for (int column = 0; column < columns; column += Tile.COLUMNS) {
            int wide = Math.min(Tile.COLUMNS, all - firstColumn - column);
            for (int row = 0; row < count && wide > 0; row++) {
                int from = column * held + row * Tile.COLUMNS;
                int to = (firstRow + row) * all + firstColumn + column;
                if (residual != null) {
                    Addition.add(residual, to, sums, from, y, to, wide);
                } else {
                    System.arraycopy(sums, from, y, to, wide);
                }
            }
        }
    }

    /** Packs the rows of x for the kernels: tile after tile, each [row's floats][rows of the tile]. */
    private final class Packing implements Work {

        private PackedMatrix matrix;
        private float[] from;

        void pack(ProgramRun run) {
            matrix = layers.getFirst().matrix();
            from = run.get(xPlace);
            int floats = matrix.rowFloats();
            if (rows == 1 && floats == depth) {
                packed = from;
            } else if (few > 0 || rows == 1) {
                packed = run.packed(Math.max(1, few) * floats);
                run.share(Math.ceilDiv(depth, FEW_DEPTH), (long) rows * depth, this);
            } else {
                packed = run.packed(rows * floats);
                run.share(Math.ceilDiv(rows, matrix.tileRows()), (long) rows * depth, this);
            }
        }

        @Override
        public void piece(int index, Scratch scratch) {
            if (few > 0 || rows == 1) {
                layFew(index * FEW_DEPTH, Math.min(depth, (index + 1) * FEW_DEPTH));
                return;
            }
            int most = matrix.tileRows();
            int end = Math.min(rows, (index + 1) * most);
            for (int first = index * most, tile; first < end; first += tile) {
                tile = Tile.rowsOf(end - first, most);
                for (int r = 0; r < tile; r++) {
                    int to = first * matrix.rowFloats() + r;
                    matrix.lay(from, (first + r) * depth, 0, depth, packed, to, tile);
                }
            }
        }

        /** Missing rows repeat the last one; their results are not stored. */
        private void layFew(int first, int end) {
            int wide = Math.max(1, few);
            int tile = Math.min(wide, matrix.fewTileRows());
            for (int r = 0; r < wide; r++) {
                int to = r / tile * tile * matrix.rowFloats() + r % tile;
                matrix.lay(from, Math.min(r, rows - 1) * depth, first, end, packed, to, tile);
            }
        }
    }
}
