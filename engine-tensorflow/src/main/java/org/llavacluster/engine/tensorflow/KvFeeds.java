package org.llavacluster.engine.tensorflow;

import java.util.ArrayList;
import java.util.List;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;

/**
 * What a step tells the graph about its sequences, all int32.
 *
 * @param slots [rows]: where K and V of each row go
 * @param table [sequences, blocks]: the block tables, as far as they are in use, padded with block 0
 * @param starts [sequences]: the position of the first row
 * @param ends [sequences]: the position after the last row
 * @param rowOf [sequences, longest]: the row of each cell of the rectangle
 * @param cellOf [rows]: the cell of each row
 */
record KvFeeds(Output<?> slots, Output<?> table, Output<?> starts, Output<?> ends, Output<?> rowOf, Output<?> cellOf) {

    KvFeeds(GraphWriter graph) {
        this(
                graph.placeholder(DataType.DT_INT32, -1),
                graph.placeholder(DataType.DT_INT32, -1, -1),
                graph.placeholder(DataType.DT_INT32, -1),
                graph.placeholder(DataType.DT_INT32, -1),
                graph.placeholder(DataType.DT_INT32, -1, -1),
                graph.placeholder(DataType.DT_INT32, -1));
    }

    /** Feeds a step that the layout has checked; the caller closes what was fed after the run. */
    List<NativeTensor> feed(Session.Runner runner, KvLayout layout, KvStep step) {
        int sequences = step.parts().size();
        int rows = step.rows();
        int longest = 0;
        int blocks = 0;
        for (KvStep.Part part : step.parts()) {
            longest = Math.max(longest, part.rows());
            blocks = Math.max(blocks, blocks(part, layout));
        }
        int[] slotsOfRows = new int[rows];
        int[] tables = new int[sequences * blocks];
        int[] first = new int[sequences];
        int[] end = new int[sequences];
        int[] rowOfCell = new int[sequences * longest];
        int[] cellOfRow = new int[rows];
        int row = 0;
        for (int i = 0; i < sequences; i++) {
            KvStep.Part part = step.parts().get(i);
            System.arraycopy(part.blocks(), 0, tables, i * blocks, blocks(part, layout));
            first[i] = part.start();
            end[i] = part.start() + part.rows();
            for (int t = 0; t < longest; t++) {
                rowOfCell[i * longest + t] = row + Math.min(t, part.rows() - 1);
            }
            for (int t = 0; t < part.rows(); t++) {
                slotsOfRows[row] = layout.slot(part.blocks(), part.start() + t);
                cellOfRow[row++] = i * longest + t;
            }
        }
        List<NativeTensor> fed = new ArrayList<>(6);
        feed(runner, slots, NativeTensor.ofInts(slotsOfRows, rows), fed);
        feed(runner, table, NativeTensor.ofInts(tables, sequences, blocks), fed);
        feed(runner, starts, NativeTensor.ofInts(first, sequences), fed);
        feed(runner, ends, NativeTensor.ofInts(end, sequences), fed);
        feed(runner, rowOf, NativeTensor.ofInts(rowOfCell, sequences, longest), fed);
        feed(runner, cellOf, NativeTensor.ofInts(cellOfRow, rows), fed);
        return fed;
    }

    private static int blocks(KvStep.Part part, KvLayout layout) {
        return Math.ceilDiv(part.start() + part.rows(), layout.blockTokens());
    }

    private static void feed(
            Session.Runner runner, Output<?> placeholder, NativeTensor tensor, List<NativeTensor> fed) {
        fed.add(tensor);
        runner.feed(placeholder, tensor.tensor());
    }
}
