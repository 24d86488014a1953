package org.llavacluster.engine.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.contract.SmallDecoder;
import org.llavacluster.engine.program.Program;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;

/** The cache is touched in the two ways that do not copy it. */
class KvGraphTest {

    static {
        Natives.load();
    }

    @Test
    void shouldReadWeightsAndOnlyGatherFromTheCache() {
        SmallDecoder decoder = new SmallDecoder(3, 2, 1, 4, 8, 10);
        Program program = decoder.program();
        try (Graph graph = new Graph()) {
            WeightVariables weights =
                    new WeightVariables(new GraphWriter(graph, "weights"), WeightVariables.of(List.of(program)));
            KvGraph kv = new KvGraph(new GraphWriter(graph, "kv"), decoder.layout(2, 4, DType.F16));
            new ProgramPlanner(program, new GraphWriter(graph, "program"), weights::value, Optional.of(kv)).plan();
            Map<String, Integer> touched = new HashMap<>();
            for (GraphOperation operation : (Iterable<GraphOperation>) graph::operations) {
                if (operation.type().equals("ReadVariableOp")
                        || operation.type().startsWith("Resource")) {
                    String where =
                            operation.name().substring(0, operation.name().indexOf('/'));
                    touched.merge(where + " " + operation.type(), 1, Integer::sum);
                }
            }
            // 9 weights in a layer, the embedding (tied) and the last norm; K and V of a layer.
            assertThat(touched)
                    .isEqualTo(Map.of(
                            "weights ReadVariableOp", 3 * 9 + 2,
                            "kv ResourceScatterUpdate", 3 * 2,
                            "kv ResourceGather", 3 * 2));
        }
    }
}
