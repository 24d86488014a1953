package org.llavacluster.engine.tensorflow;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.training.LearningState;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * The variables of one weight that learns: the weight, its accumulated gradient, and AdamW's moments. The weight is
 * moved by plain operations instead of TensorFlow's {@code ResourceApplyAdam}, which has epsilon at another place than
 * the reference.
 */
final class LearningVariable {

    private final GraphWriter graph;
    private final Op.Weight weight;
    private final Map<LearningState, Output<?>> handles = new EnumMap<>(LearningState.class);
    private final Map<LearningState, Output<?>> values = new EnumMap<>(LearningState.class);
    private final Map<LearningState, Operation> fills = new EnumMap<>(LearningState.class);
    private final Output<?> fill;

    /**
     * @param handle of the weight's own variable
     */
    LearningVariable(GraphWriter graph, Op.Weight weight, Output<?> handle) {
        this.graph = graph;
        this.weight = weight;
        this.fill = graph.placeholder(DataType.DT_FLOAT, shape());
        for (LearningState state : LearningState.values()) {
            Output<?> variable = state == LearningState.WEIGHT ? handle : graph.variable(DataType.DT_FLOAT, shape());
            handles.put(state, variable);
            values.put(state, graph.read(variable, DataType.DT_FLOAT));
            fills.put(state, graph.assign(variable, fill));
        }
    }

    Op.Weight weight() {
        return weight;
    }

    long[] shape() {
        return weight.shape().stream().mapToLong(Long::longValue).toArray();
    }

    Output<?> value(LearningState state) {
        return values.get(state);
    }

    /** The placeholder that {@link #fill} assigns. */
    Output<?> filling() {
        return fill;
    }

    Operation fill(LearningState state) {
        return fills.get(state);
    }

    /** Sets a tensor to zero. */
    Operation clear(LearningState state) {
        int[] sizes = weight.shape().stream().mapToInt(Math::toIntExact).toArray();
        return graph.assign(handles.get(state), graph.emit("Fill", graph.ints(sizes), graph.scalar(0f)));
    }

    /** Replaces the accumulated gradient. */
    Operation replaceGradient(Output<?> gradient) {
        return graph.assign(handles.get(LearningState.GRADIENT), gradient);
    }

    /** Adds to the accumulated gradient. */
    Operation addGradient(Output<?> gradient) {
        return graph.assignAdd(handles.get(LearningState.GRADIENT), gradient);
    }

    /** Half the sum of the squared elements of the gradient. */
    Output<?> halfSquares() {
        return graph.emit("L2Loss", value(LearningState.GRADIENT));
    }

    /** Assigns the weight and its moments: formulas as in {@link org.llavacluster.engine.training.AdamWStep}. */
    List<Operation> update(AdamWFeeds feeds, int index) {
        Output<?> gradient = graph.mul(value(LearningState.GRADIENT), feeds.gradientFactor());
        Output<?> first = graph.add(
                graph.mul(value(LearningState.FIRST_MOMENT), feeds.beta1()), graph.mul(gradient, feeds.rest1()));
        Output<?> second = graph.add(
                graph.mul(value(LearningState.SECOND_MOMENT), feeds.beta2()),
                graph.mul(graph.emit("Square", gradient), feeds.rest2()));
        Output<?> root = graph.add(graph.mul(graph.emit("Sqrt", second), feeds.inverseRoot()), feeds.epsilon());
        Output<?> step = graph.mul(graph.emit("RealDiv", first, root), feeds.step(graph, index));
        Output<?> kept = graph.mul(value(LearningState.WEIGHT), feeds.kept(graph, index));
        return List.of(
                graph.assign(handles.get(LearningState.WEIGHT), graph.sub(kept, step)),
                graph.assign(handles.get(LearningState.FIRST_MOMENT), first),
                graph.assign(handles.get(LearningState.SECOND_MOMENT), second));
    }
}
