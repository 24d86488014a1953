package org.llavacluster.engine.simd.plan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Value;

/** An embedding table [rows, columns], kept as the checkpoint stores it: only the rows that are looked up are made floats. */
final class Table {

    private final DType dtype;
    private final int columns;
    private final MemorySegment bytes;

    Table(Weights.Weight weight, Arena arena) {
        dtype = weight.dtype();
        columns = Math.toIntExact(weight.shape()[1]);
        bytes = arena.allocate(HostTensor.elements(weight.shape()) * dtype.bytes(), 64);
        bytes.copyFrom(weight.bytes().asSlice(0, bytes.byteSize()));
    }

    Step lookUp(Value ids, Place y) {
        return run -> {
            int rows = run.rows(ids);
            int[] wanted = run.ints(ids);
            float[] to = run.room(y, rows * columns);
            long rowBytes = (long) columns * dtype.bytes();
            MemorySegment floats = MemorySegment.ofArray(to);
            for (int row = 0; row < rows; row++) {
                FloatConversion.convert(
                        dtype,
                        bytes.asSlice(wanted[row] * rowBytes, rowBytes),
                        DType.F32,
                        floats.asSlice((long) row * columns * Float.BYTES, (long) columns * Float.BYTES));
            }
        };
    }
}
