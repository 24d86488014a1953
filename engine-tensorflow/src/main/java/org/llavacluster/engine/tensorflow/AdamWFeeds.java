package org.llavacluster.engine.tensorflow;

import java.util.List;
import org.llavacluster.engine.training.AdamWGroup;
import org.llavacluster.engine.training.AdamWStep;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;

/**
 * The numbers of an update as placeholders, computed in float64 and fed as float32.
 *
 * @param rest1 {@code 1 - beta1}
 * @param rest2 {@code 1 - beta2}
 * @param inverseRoot {@code 1 / sqrt(1 - beta2^t)}
 * @param kept {@code [weights]}: {@code 1 - rate * decay} of each weight
 * @param steps {@code [weights]}: {@code rate / (1 - beta1^t)} of each weight
 */
record AdamWFeeds(
        Output<?> gradientFactor,
        Output<?> beta1,
        Output<?> rest1,
        Output<?> beta2,
        Output<?> rest2,
        Output<?> inverseRoot,
        Output<?> epsilon,
        Output<?> kept,
        Output<?> steps) {

    AdamWFeeds(GraphWriter graph) {
        this(
                graph.placeholder(DataType.DT_FLOAT),
                graph.placeholder(DataType.DT_FLOAT),
                graph.placeholder(DataType.DT_FLOAT),
                graph.placeholder(DataType.DT_FLOAT),
                graph.placeholder(DataType.DT_FLOAT),
                graph.placeholder(DataType.DT_FLOAT),
                graph.placeholder(DataType.DT_FLOAT),
                graph.placeholder(DataType.DT_FLOAT, -1),
                graph.placeholder(DataType.DT_FLOAT, -1));
    }

    Output<?> kept(GraphWriter graph, int weight) {
        return graph.gather(kept, graph.scalar(weight));
    }

    Output<?> step(GraphWriter graph, int weight) {
        return graph.gather(steps, graph.scalar(weight));
    }

    /**
     * @param weights names, in the order of the vectors
     * @param fed gets what was fed: to be closed after the run
     */
    void feed(Session.Runner runner, AdamWStep step, List<String> weights, List<NativeTensor> fed) {
        float[] keptOf = new float[weights.size()];
        float[] stepOf = new float[weights.size()];
        for (int i = 0; i < keptOf.length; i++) {
            AdamWGroup group = step.groups().apply(weights.get(i));
            keptOf[i] = (float) (1 - group.rate() * group.decay());
            stepOf[i] = (float) (group.rate() / step.correction1());
        }
        feed(runner, gradientFactor, step.gradientFactor(), fed);
        feed(runner, beta1, step.beta1(), fed);
        feed(runner, rest1, 1 - step.beta1(), fed);
        feed(runner, beta2, step.beta2(), fed);
        feed(runner, rest2, 1 - step.beta2(), fed);
        feed(runner, inverseRoot, 1 / Math.sqrt(step.correction2()), fed);
        feed(runner, epsilon, step.epsilon(), fed);
        feed(runner, kept, NativeTensor.ofFloats(keptOf, keptOf.length), fed);
        feed(runner, steps, NativeTensor.ofFloats(stepOf, stepOf.length), fed);
    }

    private static void feed(Session.Runner runner, Output<?> placeholder, double value, List<NativeTensor> fed) {
        feed(runner, placeholder, NativeTensor.ofFloat((float) value), fed);
    }

    private static void feed(
            Session.Runner runner, Output<?> placeholder, NativeTensor tensor, List<NativeTensor> fed) {
        fed.add(tensor);
        runner.feed(placeholder, tensor.tensor());
    }
}
