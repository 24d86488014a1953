package org.llavacluster.model.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;

/**
 * One operation at one size, as two programs over the same inputs, with and without the operation. The difference of
 * their times is the operation's. Both share the transfer into and out of the backend, which a model does not pay per
 * operation.
 *
 * @param repeats how often the program runs the operation, each time on the previous result
 * @param inputs inputs of both programs
 * @param cache present if the operation needs a KV cache
 */
record OperationBenchCase(
        String operation,
        String shape,
        int rows,
        int repeats,
        Program without,
        Program with,
        Map<String, HostTensor> inputs,
        Optional<Cache> cache) {

    static final String WITH = "with";
    static final String WITHOUT = "without";
    private static final String PICKED = "picked";

    /**
     * @param step the part of the cache that the rows belong to
     */
    record Cache(KvLayout layout, KvStep step) {}

    /**
     * @param shape the first size may vary between runs, as in the models
     */
    record Input(String name, HostTensor tensor, List<Dim> shape) {

        /** An input whose first size is the number of rows or ids. */
        static Input ofRows(String name, HostTensor tensor) {
            List<Dim> rows = List.of(Dim.of(name + "_rows"));
            return new Input(
                    name,
                    tensor,
                    tensor.shape().length == 1 ? rows : List.of(rows.getFirst(), Dim.of(tensor.shape()[1])));
        }

        private boolean isMatrix() {
            return shape.size() == 2;
        }
    }

    /** Traces all repeats of the operation. */
    @FunctionalInterface
    interface Body {

        /**
         * @param inputs in the order of the case's inputs
         */
        Value trace(ProgramBuilder p, List<Value> inputs);
    }

    /**
     * @param inputs inputs with the same symbol in their shapes have equally many rows
     */
    static OperationBenchCase of(
            String operation,
            String shape,
            int rows,
            int repeats,
            List<Input> inputs,
            Optional<Cache> cache,
            Body body) {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        inputs.forEach(input -> tensors.put(input.name(), input.tensor()));
        tensors.put(PICKED, HostTensor.ofInts(new int[] {0}, 1));
        tensors.put("little", HostTensor.heap(DType.F32, 1, 8));
        Program without = program(WITHOUT, inputs, (p, values) -> values.getLast());
        Program with = program(WITH, inputs, body);
        return new OperationBenchCase(operation, shape, rows, repeats, without, with, tensors, cache);
    }

    /**
     * Returns one row of the result and one row of each input, so that each input is used with and without the
     * operation.
     */
    private static Program program(String name, List<Input> inputs, Body body) {
        ProgramBuilder p = new ProgramBuilder(name);
        Value picked = p.input(PICKED, DType.I32, Dim.of("picked_rows"));
        List<Value> values = new ArrayList<>();
        for (Input input : inputs) {
            Value value =
                    p.input(input.name(), input.tensor().dtype(), input.shape().toArray(Dim[]::new));
            values.add(value);
            if (input.isMatrix()) {
                p.output("of_" + input.name(), p.gatherRows(value, picked));
            }
        }
        Value little = p.input("little", DType.F32, Dim.of("little_rows"), Dim.of(8));
        values.add(little);
        p.output("result", p.gatherRows(body.trace(p, values), picked));
        return p.build();
    }
}
