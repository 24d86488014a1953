package org.llavacluster.engine.simd.plan;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;

/** Results on the heap. */
public final class SimdOutputs implements LoadedModel.Outputs {

    private final Map<String, OutputMemory.Block> blocks;
    private final Map<String, long[]> shapes;
    private final OutputMemory memory;
    private boolean closed;

    SimdOutputs(Map<String, OutputMemory.Block> blocks, Map<String, long[]> shapes, OutputMemory memory) {
        this.blocks = blocks;
        this.shapes = shapes;
        this.memory = memory;
    }

    @Override
    public HostTensor get(String name) {
        OutputMemory.Block block = blocks.get(name);
        if (block == null) {
            throw new IllegalArgumentException("there is no output " + name);
        }
        if (closed) {
            throw new IllegalStateException("the outputs are closed");
        }
        return new Result(shapes.get(name), block.bytes().asReadOnly());
    }

    public long byteSize() {
        return blocks.values().stream()
                .mapToLong(block -> block.bytes().byteSize())
                .sum();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            blocks.values().forEach(memory::giveBack);
        }
    }

    private record Result(long[] shape, MemorySegment bytes) implements HostTensor {

        @Override
        public DType dtype() {
            return DType.F32;
        }

        /** Does nothing: the results of a run are closed together. */
        @Override
        public void close() {}
    }
}
