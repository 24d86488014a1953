package org.llavacluster.engine.tensorflow;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Output;

/**
 * Scaled dot-product attention over batches of rows and keys; query head h reads KV head {@code h / group} with {@code
 * group = heads / kvHeads}. Its shapes and masks are computed once per run and used by every layer.
 *
 * <p>Keys are transposed to [batch, kvHeads, headDim, keys] and multiplied without TensorFlow's own transposition,
 * whose kernels are many times slower without oneDNN.
 */
final class AttentionGraph {

    private final GraphWriter graph;
    private final int heads;
    private final int headDim;
    private final int group;
    private final Output<?> split;
    private final Output<?> flat;
    private final Output<?> grouped;
    private final Optional<Output<?>> mask;

    /**
     * @param rows of each batch, a scalar
     * @param visible [batch or 1, 1, rows, keys]: which keys each row sees; absent: all
     */
    AttentionGraph(
            GraphWriter graph, int heads, int kvHeads, int headDim, Output<?> rows, Optional<Output<?>> visible) {
        this.graph = graph;
        this.heads = heads;
        this.headDim = headDim;
        this.group = heads / kvHeads;
        Output<?> rest = graph.scalar(-1);
        Output<?> kv = graph.scalar(kvHeads);
        Output<?> perKv = graph.scalar(group);
        Output<?> dim = graph.scalar(headDim);
        split = graph.pack(List.of(rest, rows, kv, perKv, dim));
        grouped = graph.pack(List.of(rest, kv, perKv, rows, dim));
        flat = graph.pack(List.of(rest, kv, graph.mul(perKv, rows), dim));
        mask = visible.map(m -> group == 1 ? m : graph.concat(2, Collections.nCopies(group, m)));
    }

    /**
     * @param q [batch * rows, heads * headDim]
     * @param k [batch, keys, kvHeads, headDim]; v likewise
     * @return [batch * rows, heads * headDim]
     */
    Output<?> attend(Output<?> q, Output<?> k, Output<?> v) {
        Output<?> scaled = graph.mul(q, graph.scalar((float) (1 / Math.sqrt(headDim))));
        Output<?> queries = graph.transpose(graph.emit("Reshape", scaled, split), 0, 2, 3, 1, 4);
        Output<?> scores =
                graph.emit("BatchMatMulV2", graph.emit("Reshape", queries, flat), graph.transpose(k, 0, 2, 3, 1));
        Output<?> masked = mask.isEmpty()
                ? scores
                : graph.emit("SelectV2", mask.get(), scores, graph.scalar(Float.NEGATIVE_INFINITY));
        Output<?> sums = graph.emit("BatchMatMulV2", graph.emit("Softmax", masked), graph.transpose(v, 0, 2, 1, 3));
        Output<?> rows = graph.transpose(graph.emit("Reshape", sums, grouped), 0, 3, 1, 2, 4);
        return graph.reshape(rows, -1, heads * headDim);
    }
}
