package org.llavacluster.engine.tensorflow;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.training.LowRankAdapter;
import org.tensorflow.Output;

/** Adds adapters of low rank to the linear layers that have one. */
final class LowRankGraph implements LinearAddition {

    private final GraphWriter graph;
    private final Map<String, LowRankAdapter> adapters;
    private final Function<Op.Weight, Output<?>> weights;

    LowRankGraph(GraphWriter graph, Map<String, LowRankAdapter> adapters, Function<Op.Weight, Output<?>> weights) {
        this.graph = graph;
        this.adapters = adapters;
        this.weights = weights;
    }

    /** A {@code [rank, in]} and B {@code [out, rank]} of a layer's weight {@code [out, in]}. */
    static List<Op.Weight> weightsOf(Op.Weight layer, LowRankAdapter adapter) {
        long rank = adapter.rank();
        return List.of(
                new Op.Weight(
                        LowRankAdapter.nameOfA(layer.name()),
                        List.of(rank, layer.shape().getLast())),
                new Op.Weight(
                        LowRankAdapter.nameOfB(layer.name()),
                        List.of(layer.shape().getFirst(), rank)));
    }

    @Override
    public Output<?> add(Op.Weight weight, Output<?> x, Output<?> y) {
        LowRankAdapter adapter = adapters.get(weight.name());
        if (adapter == null) {
            return y;
        }
        List<Op.Weight> pair = weightsOf(weight, adapter);
        Output<?> narrow = graph.linear(weights.apply(pair.getFirst()), x);
        Output<?> wide = graph.linear(weights.apply(pair.getLast()), narrow);
        return graph.add(y, graph.mul(wide, graph.scalar(adapter.scale())));
    }
}
