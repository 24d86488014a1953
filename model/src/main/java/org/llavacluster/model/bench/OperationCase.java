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
 * One operation at one size, as two programs over the same inputs: with it and without it. What they differ by is the operation; what
 * they share is the way in and out of a backend, which inside of a model nobody pays per operation.
 *
 * @param repeats how often the program with it runs it, each on the result of the one before
 * @param inputs of both programs
 * @param cache present if the operation needs one
 */
record OperationCase(
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

    /** @param step which part of the cache the rows belong to */
    record Cache(KvLayout layout, KvStep step) {}

    /** @param shape its first size may differ between runs, as in the models */
    record Input(String name, HostTensor tensor, List<Dim> shape) {

        /** Rows of a matrix, or ids. */
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

    /** Traces the operation, all repeats of it. */
    @FunctionalInterface
    interface Body {

        /** @param inputs in the order of the case's */
        Value trace(ProgramBuilder p, List<Value> inputs);
    }

    /** @param inputs those that share a symbol in their shapes have as many rows */
    static OperationCase of(
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
        return new OperationCase(operation, shape, rows, repeats, without, with, tensors, cache);
    }

    /** One row of the result leaves the backend, and one of each input, so that each input is used whether the operation is there or not. */
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
