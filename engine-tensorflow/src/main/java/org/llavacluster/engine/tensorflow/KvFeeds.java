package org.llavacluster.engine.tensorflow;

import java.util.List;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;

/**
 * The placeholders, all int32, through which a step tells the graph about its tiles; {@link KvTiles} says what each
 * holds.
 */
record KvFeeds(
        Output<?> slots, Output<?> tables, Output<?> starts, Output<?> ends, Output<?> rowOfCell, Output<?> cellOfRow) {

    KvFeeds(GraphWriter graph) {
        this(
                graph.placeholder(DataType.DT_INT32, -1),
                graph.placeholder(DataType.DT_INT32, -1, -1),
                graph.placeholder(DataType.DT_INT32, -1),
                graph.placeholder(DataType.DT_INT32, -1),
                graph.placeholder(DataType.DT_INT32, -1, -1),
                graph.placeholder(DataType.DT_INT32, -1));
    }

    /**
     * Feeds the tiles of a step.
     *
     * @param fed gets what was fed: to be closed after the run
     */
    void feed(Session.Runner runner, KvTiles tiles, List<NativeTensor> fed) {
        int count = tiles.count();
        feed(runner, slots, NativeTensor.ofInts(tiles.slots(), tiles.rows()), fed);
        feed(runner, tables, NativeTensor.ofInts(tiles.tables(), count, tiles.blocks()), fed);
        feed(runner, starts, NativeTensor.ofInts(tiles.starts(), count), fed);
        feed(runner, ends, NativeTensor.ofInts(tiles.ends(), count), fed);
        feed(runner, rowOfCell, NativeTensor.ofInts(tiles.rowOfCell(), count, tiles.height()), fed);
        feed(runner, cellOfRow, NativeTensor.ofInts(tiles.cellOfRow(), tiles.rows()), fed);
    }

    private static void feed(
            Session.Runner runner, Output<?> placeholder, NativeTensor tensor, List<NativeTensor> fed) {
        fed.add(tensor);
        runner.feed(placeholder, tensor.tensor());
    }
}
