package org.llavacluster.engine.simd.plan;

import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.Value;

/** The weights of several programs in the order of their first use, and the forms in which each is used. */
final class WeightUses {

    private final Map<String, Op.Weight> weights = new LinkedHashMap<>();
    private final Map<String, Set<Use>> uses = new HashMap<>();

    enum Use {
        LINEAR,
        TABLE,
        CONSTANT
    }

    /** @throws IllegalArgumentException naming a program that multiplies with computed values or looks up in them */
    WeightUses(List<Program> programs) {
        for (Program program : programs) {
            for (Op op : program.ops()) {
                if (op instanceof Op.Weight weight) {
                    weights.put(weight.name(), weight);
                    uses.computeIfAbsent(weight.name(), n -> EnumSet.noneOf(Use.class));
                }
            }
            collect(program);
        }
    }

    Collection<Op.Weight> weights() {
        return weights.values();
    }

    Set<Use> of(Op.Weight weight) {
        return uses.get(weight.name());
    }

    private void collect(Program program) {
        for (Op op : program.ops()) {
            for (Value operand : Operands.of(op)) {
                boolean linear = op instanceof Op.Linear l && operand.equals(l.weight());
                boolean table = op instanceof Op.Embedding e && operand.equals(e.table());
                if (!(op instanceof Op.Reshape)) {
                    note(program, operand, linear ? Use.LINEAR : table ? Use.TABLE : Use.CONSTANT);
                }
            }
        }
        program.outputs().values().forEach(output -> note(program, output, Use.CONSTANT));
    }

    private void note(Program program, Value value, Use use) {
        if (Operands.source(program, value) instanceof Op.Weight weight) {
            uses.get(weight.name()).add(use);
        } else if (use != Use.CONSTANT) {
            throw new IllegalArgumentException("program " + program.name()
                    + ": this backend multiplies with weights and looks up in weights only, not in computed values");
        }
    }
}
