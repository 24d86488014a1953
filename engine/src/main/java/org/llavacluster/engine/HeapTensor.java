package org.llavacluster.engine;

import java.lang.foreign.MemorySegment;

/** A tensor over a byte array: what gRPC can send without another copy. */
record HeapTensor(DType dtype, long[] shape, byte[] array) implements HostTensor {

    @Override
    public MemorySegment bytes() {
        return MemorySegment.ofArray(array);
    }

    @Override
    public void close() {}
}
