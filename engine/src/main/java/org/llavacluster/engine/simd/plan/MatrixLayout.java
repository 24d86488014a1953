package org.llavacluster.engine.simd.plan;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.simd.pack.PackedMatrix;

/**
 * Where the matrices of a load lie, one after the other in one piece of memory.
 *
 * @param matrices by the weights' names
 */
public record MatrixLayout(WeightsFormat format, SequencedMap<String, Entry> matrices, long bytes) {

    private static final long ALIGNMENT = 64;

    public MatrixLayout {
        matrices = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(matrices));
    }

    /** A weight [columns, depth] and where it begins. */
    public record Entry(int columns, int depth, long offset) {}

    /** Of the weights that linear layers of these programs multiply with. */
    public static MatrixLayout of(List<Program> programs, WeightsFormat format) {
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
        long end = 0;
        for (Program program : programs) {
            for (Op op : program.ops()) {
                if (op instanceof Op.Linear linear
                        && Operands.source(program, linear.weight()) instanceof Op.Weight weight
                        && !entries.containsKey(weight.name())) {
                    int columns =
                            Math.toIntExact(linear.weight().shape().getFirst().factor());
                    int depth = Math.toIntExact(linear.weight().columns());
                    entries.put(weight.name(), new Entry(columns, depth, end));
                    long bytes = PackedMatrix.bytes(format, columns, depth);
                    end += Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
                }
            }
        }
        return new MatrixLayout(format, entries, end);
    }

    /** The matrices over memory of {@link #bytes()}. */
    public Map<String, PackedMatrix> over(MemorySegment memory) {
        Map<String, PackedMatrix> packed = new LinkedHashMap<>();
        matrices.forEach((name, entry) -> {
            long bytes = PackedMatrix.bytes(format, entry.columns(), entry.depth());
            MemorySegment own = memory.asSlice(entry.offset(), bytes);
            packed.put(name, PackedMatrix.over(format, entry.columns(), entry.depth(), own));
        });
        return packed;
    }
}
