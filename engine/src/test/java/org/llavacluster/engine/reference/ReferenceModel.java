package org.llavacluster.engine.reference;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.Signature;
import org.llavacluster.engine.program.Value;

/** Runs a program operation by operation. */
final class ReferenceModel implements LoadedModel {

    private final Map<String, Program> programs = new HashMap<>();
    private final Map<String, HostTensor> weights;
    private final Optional<ReferenceKvCache> kv;
    private long fed;
    private long fetched;

    ReferenceModel(List<Program> programs, Map<String, HostTensor> weights, Optional<KvLayout> kv) {
        programs.forEach(program -> this.programs.put(program.name(), program));
        this.weights = weights;
        this.kv = kv.map(ReferenceKvCache::new);
    }

    @Override
    public Outputs run(String program, Map<String, HostTensor> inputs) {
        return run(program, inputs, Optional.empty());
    }

    @Override
    public Outputs run(String program, Map<String, HostTensor> inputs, KvStep step) {
        return run(program, inputs, Optional.of(step));
    }

    private synchronized Outputs run(String name, Map<String, HostTensor> inputs, Optional<KvStep> step) {
        Program program = programs.get(name);
        if (program == null) {
            throw new IllegalArgumentException("there is no program " + name);
        }
        if (program.hasKvAttention() != step.isPresent()) {
            throw new IllegalArgumentException(
                    "program " + name + (step.isPresent() ? " has no" : " needs a") + " KV step");
        }
        Signature signature = new Signature(program);
        Signature.Sizes sizes = signature.bind(inputs);
        step.ifPresent(s -> {
            signature.checkRows(s.rows(), sizes);
            kv.orElseThrow().check(s);
        });
        HostTensor[] results = new HostTensor[program.ops().size()];
        for (int i = 0; i < results.length; i++) {
            results[i] = switch (program.ops().get(i)) {
                case Op.Input input -> inputs.get(input.name());
                case Op.Weight weight -> weights.get(weight.name());
                case Op.KvAttention op ->
                    kv.orElseThrow()
                            .attend(
                                    op,
                                    results[op.q().id()],
                                    results[op.k().id()],
                                    results[op.v().id()],
                                    step.orElseThrow());
                case Op op ->
                    new Operation(results, sizes.of(program.values().get(i).shape()), sizes).apply(op);
            };
        }
        inputs.values().forEach(tensor -> fed += tensor.bytes().byteSize());
        Map<String, HostTensor> outputs = new HashMap<>();
        for (Map.Entry<String, Value> output : program.outputs().entrySet()) {
            HostTensor result = results[output.getValue().id()];
            outputs.put(output.getKey(), copy(result));
            fetched += result.bytes().byteSize();
        }
        return new Results(outputs);
    }

    // A program may declare an input or a weight as its output: results must not change with them.
    private static HostTensor copy(HostTensor tensor) {
        HostTensor copy = HostTensor.heap(tensor.dtype(), tensor.shape());
        copy.bytes().copyFrom(tensor.bytes());
        return new ReadOnly(copy.dtype(), copy.shape(), copy.bytes().asReadOnly());
    }

    @Override
    public synchronized Traffic traffic() {
        return new Traffic(fed, fetched);
    }

    @Override
    public void close() {}

    private record Results(Map<String, HostTensor> tensors) implements Outputs {

        @Override
        public HostTensor get(String name) {
            HostTensor tensor = tensors.get(name);
            if (tensor == null) {
                throw new IllegalArgumentException("there is no output " + name);
            }
            return tensor;
        }

        @Override
        public void close() {}
    }

    private record ReadOnly(DType dtype, long[] shape, MemorySegment bytes) implements HostTensor {

        @Override
        public void close() {}
    }
}
