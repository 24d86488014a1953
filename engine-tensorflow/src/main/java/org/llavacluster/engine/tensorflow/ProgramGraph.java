package org.llavacluster.engine.tensorflow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.engine.program.Program;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.Output;

/**
 * A program written into a TensorFlow graph.
 *
 * @param inputs placeholders by the names of the program
 * @param outputs results by the names of the program
 * @param stores operations that write the KV cache: every run of the program runs them
 */
public record ProgramGraph(Map<String, Output<?>> inputs, Map<String, Output<?>> outputs, List<Operation> stores) {

    public ProgramGraph {
        inputs = Map.copyOf(inputs);
        outputs = Map.copyOf(outputs);
        stores = List.copyOf(stores);
    }

    /**
     * Writes a program without KV attention into a graph of the caller's, to which a loss and {@link
     * Graph#addGradients} can be added: every operation used has a gradient. This is what training builds on.
     *
     * @param prefix of the names of all operations; unused in the graph so far
     * @param weights float32 tensors by the names of the program, in the shapes that it gives: what variables read
     * @throws IllegalArgumentException if a weight is missing or the program has KV attention
     */
    public static ProgramGraph plan(Graph graph, String prefix, Program program, Map<String, Output<?>> weights) {
        return new ProgramPlanner(
                        program,
                        new GraphWriter(graph, prefix),
                        weight -> {
                            Output<?> tensor = weights.get(weight.name());
                            if (tensor == null) {
                                throw new IllegalArgumentException("weight " + weight.name() + " is missing");
                            }
                            return tensor;
                        },
                        Optional.empty())
                .plan();
    }
}
