package org.llavacluster.engine.simd.plan;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.simd.pack.PackedMatrix;
import org.llavacluster.engine.simd.pack.StoredRows;

/**
 * The weights of a loaded model, each in the form in which the programs use it, in memory laid out by {@link
 * WeightLayout}.
 */
public final class HeldWeights {

    private final Map<String, PackedMatrix> matrices = new HashMap<>();
    private final Map<String, EmbeddingTable> tables = new HashMap<>();
    private final Map<String, float[]> constants = new HashMap<>();

    /** Fills a matrix with a weight. */
    @FunctionalInterface
    public interface Packer {
        void pack(Weights.Weight weight, PackedMatrix matrix);
    }

    /** @param memory filled as it is laid out */
    public HeldWeights(WeightLayout layout, MemorySegment memory) {
        layout.matrices().forEach((name, matrix) -> matrices.put(name, over(layout, matrix, memory)));
        layout.tables()
                .forEach((name, rows) ->
                        tables.put(name, new EmbeddingTable(rows.dtype(), rows.columns(), of(rows, memory))));
        layout.constants().forEach((name, floats) -> {
            float[] values = new float[floats.elements()];
            MemorySegment.copy(memory, HostTensor.FLOAT, floats.offset(), values, 0, values.length);
            constants.put(name, values);
        });
    }

    /**
     * Fills memory with weights. Each is scanned once, however many forms it is held in.
     *
     * @throws RuntimeException naming a weight that is missing, misshaped or not finite
     */
    public static void fill(
            List<Program> programs, Weights weights, WeightLayout layout, MemorySegment memory, Packer packer) {
        for (Op.Weight op : new WeightUses(programs).weights()) {
            String name = op.name();
            Weights.Weight weight = weights.get(name);
            op.check(weight.shape());
            if (layout.matrices().get(name) instanceof WeightLayout.Matrix matrix) {
                packer.pack(weight, over(layout, matrix, memory));
                weight = weight.scanned();
            }
            if (layout.tables().get(name) instanceof WeightLayout.Rows rows) {
                weight.readStored(of(rows, memory));
                weight = weight.scanned();
            }
            if (layout.constants().get(name) instanceof WeightLayout.Floats floats) {
                float[] values = StoredRows.read(weight);
                MemorySegment.copy(values, 0, memory, HostTensor.FLOAT, floats.offset(), values.length);
            }
        }
    }

    PackedMatrix matrix(String name) {
        return matrices.get(name);
    }

    EmbeddingTable table(String name) {
        return tables.get(name);
    }

    float[] constant(String name) {
        return constants.get(name);
    }

    private static PackedMatrix over(WeightLayout layout, WeightLayout.Matrix matrix, MemorySegment memory) {
        long bytes = PackedMatrix.bytes(layout.format(), matrix.columns(), matrix.depth());
        MemorySegment own = memory.asSlice(matrix.offset(), bytes);
        return PackedMatrix.over(layout.format(), matrix.columns(), matrix.depth(), own);
    }

    private static MemorySegment of(WeightLayout.Rows rows, MemorySegment memory) {
        return memory.asSlice(rows.offset(), rows.bytes());
    }
}
