package org.llavacluster.engine.simd.plan;

import java.lang.foreign.MemorySegment;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.program.Value;

/** An embedding table [rows, columns], kept as the checkpoint stores it: only rows that are looked up become floats. */
final class EmbeddingTable {

    private final DType dtype;
    private final int columns;
    private final MemorySegment bytes;

    EmbeddingTable(DType dtype, int columns, MemorySegment bytes) {
        this.dtype = dtype;
        this.columns = columns;
        this.bytes = bytes;
    }

    PlannedStep lookUp(Value ids, Slot y) {
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
