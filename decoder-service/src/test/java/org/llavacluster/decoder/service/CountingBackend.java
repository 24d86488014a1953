package org.llavacluster.decoder.service;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Program;

/** Counts the tensors that were allocated and not closed. */
record CountingBackend(Backend backend, AtomicInteger open) implements Backend {

    CountingBackend(Backend backend) {
        this(backend, new AtomicInteger());
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public String kernelVersion() {
        return backend.kernelVersion();
    }

    @Override
    public HostTensor allocate(DType dtype, long... shape) {
        open.incrementAndGet();
        return new Counted(backend.allocate(dtype, shape), new AtomicBoolean(), open);
    }

    @Override
    public LoadedModel load(List<Program> programs, Weights weights, Optional<KvLayout> kv) {
        return backend.load(programs, weights, kv);
    }

    @Override
    public void close() {
        backend.close();
    }

    private record Counted(HostTensor tensor, AtomicBoolean closed, AtomicInteger open) implements HostTensor {

        @Override
        public DType dtype() {
            return tensor.dtype();
        }

        @Override
        public long[] shape() {
            return tensor.shape();
        }

        @Override
        public MemorySegment bytes() {
            if (closed.get()) {
                throw new IllegalStateException("used after it was closed");
            }
            return tensor.bytes();
        }

        @Override
        public void close() {
            if (!closed.compareAndSet(false, true)) {
                throw new IllegalStateException("closed twice");
            }
            open.decrementAndGet();
            tensor.close();
        }
    }
}
