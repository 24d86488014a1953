package org.llavacluster.engine.simd.plan;

import java.lang.foreign.Arena;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.Value;
import org.llavacluster.engine.simd.pack.PackedMatrix;
import org.llavacluster.engine.simd.pack.StoredRows;

/** The weights of a load, each held as the programs use it; one that is used in two ways is held twice. */
public final class HeldWeights {

    private final Map<String, PackedMatrix> matrices;
    private final Map<String, Table> tables = new HashMap<>();
    private final Map<String, float[]> constants = new HashMap<>();

    /** Fills a matrix with a weight. */
    @FunctionalInterface
    public interface Packer {
        void pack(Weights.Weight weight, PackedMatrix matrix);
    }

    private enum Use {
        LINEAR,
        TABLE,
        CONSTANT
    }

    /**
     * @param matrices those of the linear layers' weights
     * @param packer fills them; absent if they are filled already: weights that nothing else uses are not read then
     * @param arena holds tables
     * @throws IllegalArgumentException naming a weight that is missing, misshaped or not finite
     */
    public HeldWeights(
            List<Program> programs,
            Weights weights,
            Map<String, PackedMatrix> matrices,
            Optional<Packer> packer,
            Arena arena) {
        this.matrices = Map.copyOf(matrices);
        Map<String, Op.Weight> wanted = new LinkedHashMap<>();
        Map<String, Set<Use>> uses = new HashMap<>();
        for (Program program : programs) {
            for (Op op : program.ops()) {
                if (op instanceof Op.Weight weight) {
                    wanted.put(weight.name(), weight);
                    uses.computeIfAbsent(weight.name(), n -> EnumSet.noneOf(Use.class));
                }
            }
            collect(program, uses);
        }
        for (Op.Weight op : wanted.values()) {
            Set<Use> of = uses.get(op.name());
            if (packer.isEmpty()) {
                of.remove(Use.LINEAR);
            }
            if (!of.isEmpty() || packer.isPresent()) {
                Weights.Weight weight = weights.get(op.name());
                op.check(weight.shape());
                of.forEach(use -> hold(weight, use, packer, arena));
            }
        }
    }

    PackedMatrix matrix(String name) {
        return matrices.get(name);
    }

    Table table(String name) {
        return tables.get(name);
    }

    float[] constant(String name) {
        return constants.get(name);
    }

    private void hold(Weights.Weight weight, Use use, Optional<Packer> packer, Arena arena) {
        switch (use) {
            case LINEAR -> packer.orElseThrow().pack(weight, matrices.get(weight.name()));
            case TABLE -> tables.put(weight.name(), new Table(weight, arena));
            case CONSTANT -> constants.put(weight.name(), StoredRows.read(weight));
        }
    }

    private static void collect(Program program, Map<String, Set<Use>> uses) {
        for (Op op : program.ops()) {
            for (Value operand : Operands.of(op)) {
                boolean linear = op instanceof Op.Linear l && operand.equals(l.weight());
                boolean table = op instanceof Op.Embedding e && operand.equals(e.table());
                if (!(op instanceof Op.Reshape)) {
                    note(program, operand, linear ? Use.LINEAR : table ? Use.TABLE : Use.CONSTANT, uses);
                }
            }
        }
        program.outputs().values().forEach(output -> note(program, output, Use.CONSTANT, uses));
    }

    private static void note(Program program, Value value, Use use, Map<String, Set<Use>> uses) {
        if (Operands.source(program, value) instanceof Op.Weight weight) {
            uses.get(weight.name()).add(use);
        } else if (use != Use.CONSTANT) {
            throw new IllegalArgumentException("program " + program.name()
                    + ": this backend multiplies with weights and looks up in weights only, not in computed values");
        }
    }
}
