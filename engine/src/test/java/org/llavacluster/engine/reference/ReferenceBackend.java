package org.llavacluster.engine.reference;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;

/** Every operation in plain loops that accumulate in double: what the other backends are compared with. */
public final class ReferenceBackend implements Backend {

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String kernelVersion() {
        return "reference-1";
    }

    @Override
    public HostTensor allocate(DType dtype, long... shape) {
        return HostTensor.heap(dtype, shape);
    }

    @Override
    public LoadedModel load(List<Program> programs, Weights weights, Optional<KvLayout> kv) {
        Map<String, HostTensor> loaded = new HashMap<>();
        for (Program program : programs) {
            if (program.hasKvAttention() && kv.isEmpty()) {
                throw new IllegalArgumentException("program " + program.name() + " needs a KV layout");
            }
            kv.ifPresent(layout -> layout.check(program));
            for (Op.Weight weight : program.weights()) {
                loaded.computeIfAbsent(weight.name(), name -> load(weight, weights));
            }
        }
        return new ReferenceModel(programs, loaded, kv);
    }

    private static HostTensor load(Op.Weight expected, Weights weights) {
        Weights.Weight weight = weights.get(expected.name());
        expected.check(weight.shape());
        HostTensor tensor = HostTensor.heap(DType.F32, weight.shape());
        weight.readFloats(0, tensor.bytes());
        return tensor;
    }

    @Override
    public void close() {}
}
