package org.llavacluster.engine;

import java.util.List;
import java.util.Optional;
import org.llavacluster.engine.program.Program;

/** Turns traced programs into something that runs. One backend serves one process. */
public interface Backend extends AutoCloseable {

    /** As the command line names it: {@code tensorflow} or {@code simd}. */
    String name();

    /** Changes whenever the bits of any result may change: part of the numerics id. */
    String kernelVersion();

    /** Whether weights and KV cache live in this machine's memory rather than in a device's. */
    default boolean usesHostMemory() {
        return true;
    }

    /** A tensor in memory that this backend reads without copying. Its content is undefined: write every element. */
    HostTensor allocate(DType dtype, long... shape);

    /**
     * Loads the weights that the programs name, once for all of them, and plans the programs.
     *
     * @param weights read during this call only, each scanned once for NaN and infinity
     * @param kv present if any of the programs has KV attention
     */
    LoadedModel load(List<Program> programs, Weights weights, Optional<KvLayout> kv);

    @Override
    void close();
}
