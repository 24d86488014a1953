package org.llavacluster.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;

/**
 * A tensor of a safetensors file under its name there, whatever it is for.
 *
 * @param file the file's name
 * @param dtype as the file writes it: {@code F16}, {@code F32} ...
 * @param bytes mapped, little-endian, row-major; valid while its {@link StoredTensors} are open
 */
public record StoredTensor(String name, String file, String dtype, List<Long> shape, MemorySegment bytes) {

    public StoredTensor {
        shape = List.copyOf(shape);
    }

    static StoredTensor of(CheckpointTensor tensor) {
        return new StoredTensor(
                tensor.name(),
                tensor.file(),
                tensor.dtype(),
                Arrays.stream(tensor.shape()).boxed().toList(),
                tensor.bytes());
    }

    /** The number of elements. */
    public long elements() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    /**
     * A copy on the heap.
     *
     * @throws IllegalStateException if the file has it in another type than F32
     */
    public HostTensor floats() {
        if (!dtype.equals(DType.F32.name())) {
            throw new IllegalStateException(name + " is " + dtype + ", not F32");
        }
        return HostTensor.ofFloats(
                bytes.toArray(HostTensor.FLOAT),
                shape.stream().mapToLong(Long::longValue).toArray());
    }

    /** Lets go of the memory that reading has taken; the tensor can be read again. */
    public void unload() {
        if (bytes.isMapped()) {
            bytes.unload();
        }
    }
}
