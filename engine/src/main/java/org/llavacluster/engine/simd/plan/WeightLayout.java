package org.llavacluster.engine.simd.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.simd.pack.PackedMatrix;

/**
 * Where the weights of a loaded model are in one block of memory, each in the form in which the programs use it. A
 * weight that is used in two forms is stored twice.
 *
 * @param matrices of linear layers, by the weights' names
 * @param tables of embeddings
 * @param constants that are read as floats
 */
public record WeightLayout(
        WeightsFormat format,
        SequencedMap<String, Matrix> matrices,
        SequencedMap<String, Rows> tables,
        SequencedMap<String, Floats> constants,
        long bytes) {

    private static final long ALIGNMENT = 64;

    public WeightLayout {
        matrices = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(matrices));
        tables = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tables));
        constants = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(constants));
    }

    /** A weight [columns, depth] in the format, and where it begins. */
    public record Matrix(int columns, int depth, long offset) {}

    /** A weight [rows, columns] as the checkpoint stores it. */
    public record Rows(DType dtype, long rows, int columns, long offset) {

        long bytes() {
            return rows * columns * dtype.bytes();
        }
    }

    /** All elements of a weight. */
    public record Floats(int elements, long offset) {}

    /**
     * Lays out the weights of these programs.
     *
     * @param weights give the stored types of the tables
     */
    public static WeightLayout of(List<Program> programs, WeightsFormat format, Weights weights) {
        Making making = new Making();
        for (Program program : programs) {
            for (Op op : program.ops()) {
                if (op instanceof Op.Linear linear
                        && Operands.source(program, linear.weight()) instanceof Op.Weight weight
                        && !making.matrices.containsKey(weight.name())) {
                    int columns =
                            Math.toIntExact(linear.weight().shape().getFirst().factor());
                    int depth = Math.toIntExact(linear.weight().columns());
                    long at = making.place(PackedMatrix.bytes(format, columns, depth));
                    making.matrices.put(weight.name(), new Matrix(columns, depth, at));
                }
            }
        }
        WeightUses uses = new WeightUses(programs);
        for (Op.Weight weight : uses.weights()) {
            long elements = weight.shape().stream().reduce(1L, Math::multiplyExact);
            if (uses.of(weight).contains(WeightUses.Use.TABLE)) {
                DType dtype = weights.dtype(weight.name());
                int columns = Math.toIntExact(weight.shape().get(1));
                long at = making.place(elements * dtype.bytes());
                making.tables.put(weight.name(), new Rows(dtype, weight.shape().get(0), columns, at));
            }
            if (uses.of(weight).contains(WeightUses.Use.CONSTANT)) {
                long at = making.place(elements * Float.BYTES);
                making.constants.put(weight.name(), new Floats(Math.toIntExact(elements), at));
            }
        }
        return new WeightLayout(format, making.matrices, making.tables, making.constants, making.end);
    }

    private static final class Making {

        private final SequencedMap<String, Matrix> matrices = new LinkedHashMap<>();
        private final SequencedMap<String, Rows> tables = new LinkedHashMap<>();
        private final SequencedMap<String, Floats> constants = new LinkedHashMap<>();
        private long end;

        /** Where so many bytes go. */
        long place(long bytes) {
            long at = end;
            end += Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
            return at;
        }
    }
}
