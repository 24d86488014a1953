package org.llavacluster.engine.tensorflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.program.Op;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;

/**
 * The KV cache as variables, and attention through it. K and V of a layer are each a variable [positions + 1, kvHeads *
 * headDim]; its last slot is never written and stays zero: it stands in for keys that a sequence does not have, so that
 * nothing left over in a block, not even a NaN, reaches another sequence.
 *
 * <p>The rows of a step stay packed; for attention alone they are laid out as tiles, see {@link KvTiles}.
 *
 * <p>A cache variable is only ever touched through ResourceScatterUpdate and ResourceGather: one ReadVariableOp would
 * copy all of it.
 */
final class KvGraph {

    private final GraphWriter graph;
    private final KvLayout layout;
    private final DataType stored;
    private final int columns;
    private final List<Output<?>> keys = new ArrayList<>();
    private final List<Output<?>> values = new ArrayList<>();
    private final List<Operation> initializers = new ArrayList<>();
    /**
     * What the variables are filled with, fed and one after the other: TensorFlow would fill from a constant once, keep
     * that for ever, let all variables share it, and copy it for each in the first step.
     */
    private final Output<?> zeroFeed;

    private final Output<?> zero;

    private final KvFeeds feeds;
    /** [tiles, keys]: where the cache holds the positions of each tile's sequence. */
    private final Output<?> keySlots;
    /** Rows of a tile, a scalar. */
    private final Output<?> height;
    /** [tiles, 1, height, keys]. */
    private final Output<?> visible;

    private final Map<List<Integer>, AttentionGraph> attentions = new HashMap<>();

    KvGraph(GraphWriter graph, KvLayout layout) {
        this.graph = graph;
        this.layout = layout;
        this.stored = stored(layout.dtype());
        this.columns = layout.kvHeads() * layout.headDim();
        zeroFeed = graph.placeholder(DataType.DT_FLOAT);
        zero = graph.cast(zeroFeed, stored);
        for (int layer = 0; layer < layout.layers(); layer++) {
            keys.add(variable());
            values.add(variable());
        }
        feeds = new KvFeeds(graph);
        int blockTokens = layout.blockTokens();
        Output<?> tiles = graph.size(feeds.tables(), 0);
        height = graph.size(feeds.rowOfCell(), 1);
        Output<?> blocks = graph.emit("ExpandDims", feeds.tables(), graph.scalar(2));
        Output<?> slots =
                graph.add(graph.mul(blocks, graph.scalar(blockTokens)), graph.range(graph.scalar(blockTokens)));
        Output<?> positions = graph.range(graph.mul(graph.size(feeds.tables(), 1), graph.scalar(blockTokens)));
        Output<?> byTile = graph.emit("Reshape", slots, graph.pack(List.of(tiles, graph.scalar(-1))));
        Output<?> held = graph.emit("Less", positions, graph.reshape(feeds.ends(), -1, 1));
        keySlots = graph.emit("SelectV2", held, byTile, graph.scalar(Math.toIntExact(layout.positions())));
        Output<?> rowPositions = graph.add(graph.reshape(feeds.starts(), -1, 1, 1, 1), column(graph.range(height)));
        visible = graph.emit("LessEqual", positions, rowPositions);
    }

    private Output<?> column(Output<?> vector) {
        return graph.emit("ExpandDims", vector, graph.scalar(1));
    }

    private Output<?> variable() {
        long slots = layout.positions() + 1;
        Output<?> variable = graph.variable(stored, slots, columns);
        GraphOperationBuilder fill = graph.operation("Fill")
                .addInput(graph.ints(Math.toIntExact(slots), columns))
                .addInput(zero);
        if (!initializers.isEmpty()) {
            fill.addControlInput(initializers.getLast());
        }
        initializers.add(graph.assign(variable, fill.build().output(0)));
        return variable;
    }

    private static DataType stored(DType dtype) {
        return switch (dtype) {
            case F32 -> DataType.DT_FLOAT;
            case F16 -> DataType.DT_HALF;
            case BF16 -> DataType.DT_BFLOAT16;
            case I32 -> throw new IllegalArgumentException("K and V as " + dtype);
        };
    }

    KvLayout layout() {
        return layout;
    }

    KvFeeds feeds() {
        return feeds;
    }

    /** Fills the cache with zeros: once, before any step. */
    void fill(Session session) {
        Session.Runner runner = session.runner();
        initializers.forEach(runner::addTarget);
        try (NativeTensor value = NativeTensor.ofFloat(0)) {
            runner.feed(zeroFeed, value.tensor()).run().close();
        }
    }

    /**
     * Stores k and v, then attends.
     *
     * @param stores gets the two operations that store
     * @return [rows, heads * headDim]
     */
    Output<?> attend(Op.KvAttention op, Output<?> q, Output<?> k, Output<?> v, List<Operation> stores) {
        Output<?> keyCache = keys.get(op.layer());
        Output<?> valueCache = values.get(op.layer());
        Operation storeKeys = store(keyCache, k);
        Operation storeValues = store(valueCache, v);
        stores.add(storeKeys);
        stores.add(storeValues);
        AttentionGraph attention = attentions.computeIfAbsent(
                List.of(op.heads(), op.kvHeads()),
                heads -> new AttentionGraph(
                        graph, op.heads(), op.kvHeads(), layout.headDim(), height, Optional.of(visible)));
        Output<?> tiled = graph.gather(q, graph.reshape(feeds.rowOfCell(), -1));
        Output<?> y = attention.attend(tiled, load(keyCache, storeKeys), load(valueCache, storeValues));
        return graph.gather(y, feeds.cellOfRow());
    }

    private Operation store(Output<?> cache, Output<?> rows) {
        return graph.operation("ResourceScatterUpdate")
                .addInput(cache)
                .addInput(feeds.slots())
                .addInput(stored == DataType.DT_FLOAT ? rows : graph.cast(rows, stored))
                .build();
    }

    /** [tiles, keys, kvHeads, headDim], as stored, in float32. */
    private Output<?> load(Output<?> cache, Operation after) {
        GraphOperationBuilder gather = graph.operation("ResourceGather");
        Output<?> rows = gather.addInput(cache)
                .addInput(keySlots)
                .addControlInput(after)
                .setAttr("dtype", stored)
                .build()
                .output(0);
        Output<?> wide = stored == DataType.DT_FLOAT ? rows : graph.cast(rows, DataType.DT_FLOAT);
        Output<?> shape =
                graph.concat(0, List.of(graph.emit("Shape", keySlots), graph.ints(layout.kvHeads(), layout.headDim())));
        return graph.emit("Reshape", wide, shape);
    }
}
