package org.llavacluster.engine.tensorflow;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;

/**
 * The weights of all programs of a load as variables. Each weight is copied once, from the checkpoint into the tensor
 * that its variable then keeps: on the CPU a variable shares the memory of what it was assigned.
 */
final class WeightVariables {

    private final GraphWriter graph;
    private final Map<String, Variable> variables = new LinkedHashMap<>();

    private record Variable(
            Op.Weight weight, Output<?> handle, Output<?> placeholder, Operation assign, Output<?> value) {}

    /**
     * @param weights those of equal names have equal shapes
     */
    WeightVariables(GraphWriter graph, List<Op.Weight> weights) {
        this.graph = graph;
        for (Op.Weight weight : weights) {
            Variable variable = variables.computeIfAbsent(weight.name(), name -> declare(weight));
            variable.weight().check(shape(weight));
        }
    }

    /** The weights of programs, one after the other. */
    static List<Op.Weight> of(List<Program> programs) {
        return programs.stream().flatMap(program -> program.weights().stream()).toList();
    }

    private Variable declare(Op.Weight weight) {
        long[] shape = shape(weight);
        Output<?> variable = graph.variable(DataType.DT_FLOAT, shape);
        Output<?> placeholder = graph.placeholder(DataType.DT_FLOAT, shape);
        Operation assign = graph.assign(variable, placeholder);
        return new Variable(weight, variable, placeholder, assign, graph.read(variable, DataType.DT_FLOAT));
    }

    /** The value of a weight, in the variable's own memory. */
    Output<?> value(Op.Weight weight) {
        return variables.get(weight.name()).value();
    }

    /** The handle of a weight's variable. */
    Output<?> handle(String weight) {
        return variables.get(weight).handle();
    }

    /**
     * Fills the variables in runs of at most {@code bytesPerRun} (more for one large weight). A run keeps what it
     * assigns in host memory until it ends; it costs TensorFlow a pass over the whole graph, so fewer are faster.
     *
     * @throws IllegalArgumentException if a weight is missing or of another shape; nothing is assigned then
     * @throws RuntimeException naming a weight that holds NaN or infinity
     */
    void fill(Session session, Weights weights, long bytesPerRun) {
        Map<Variable, Weights.Weight> found = new LinkedHashMap<>();
        for (Variable variable : variables.values()) {
            Weights.Weight weight = weights.get(variable.weight().name());
            variable.weight().check(weight.shape());
            found.put(variable, weight);
        }
        List<NativeTensor> batch = new ArrayList<>();
        try {
            Session.Runner runner = session.runner();
            long bytes = 0;
            for (Map.Entry<Variable, Weights.Weight> entry : found.entrySet()) {
                NativeTensor tensor = load(entry.getValue());
                batch.add(tensor);
                runner.feed(entry.getKey().placeholder(), tensor.tensor())
                        .addTarget(entry.getKey().assign());
                bytes += tensor.bytes().byteSize();
                if (bytes >= bytesPerRun) {
                    assign(runner, batch);
                    runner = session.runner();
                    bytes = 0;
                }
            }
            if (!batch.isEmpty()) {
                assign(runner, batch);
            }
        } finally {
            batch.forEach(NativeTensor::close);
        }
    }

    private static void assign(Session.Runner runner, List<NativeTensor> batch) {
        runner.run().close();
        batch.forEach(NativeTensor::close);
        batch.clear();
    }

    private static NativeTensor load(Weights.Weight weight) {
        MemorySegment stored = weight.bytes();
        NativeTensor tensor = NativeTensor.temporary(DType.F32, weight.shape());
        weight.readFloats(0, tensor.bytes());
        if (stored.isMapped()) {
            // Read once: without this the pages of the file would count as this process's memory until it is unmapped.
            stored.unload();
        }
        return tensor;
    }

    private static long[] shape(Op.Weight weight) {
        return weight.shape().stream().mapToLong(Long::longValue).toArray();
    }
}
