package org.llavacluster.engine.reference;

import java.util.List;
import java.util.Optional;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
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
        throw new UnsupportedOperationException("being written");
    }

    @Override
    public void close() {}
}
