package org.llavacluster.engine.simd.plan;

import java.util.List;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.Value;

/** The operands of operations, seen through reshapes. */
final class Operands {

    private Operands() {}

    static List<Value> of(Op op) {
        return switch (op) {
            case Op.Input o -> List.of();
            case Op.Weight o -> List.of();
            case Op.Linear o -> o.bias() == null ? List.of(o.x(), o.weight()) : List.of(o.x(), o.weight(), o.bias());
            case Op.LayerNorm o -> List.of(o.x(), o.scale(), o.shift());
            case Op.RmsNorm o -> List.of(o.x(), o.scale());
            case Op.QuickGelu o -> List.of(o.x());
            case Op.Gelu o -> List.of(o.x());
            case Op.SiluGate o -> List.of(o.gate(), o.up());
            case Op.Add o -> List.of(o.a(), o.b());
            case Op.Embedding o -> List.of(o.ids(), o.table());
            case Op.Rope o -> List.of(o.x(), o.positions());
            case Op.Attention o -> List.of(o.q(), o.k(), o.v());
            case Op.KvAttention o -> List.of(o.q(), o.k(), o.v());
            case Op.Patches o -> List.of(o.x());
            case Op.PrependRow o -> List.of(o.x(), o.row());
            case Op.DropFirstRow o -> List.of(o.x());
            case Op.ConcatColumns o -> o.parts();
            case Op.ConcatRows o -> List.of(o.a(), o.b());
            case Op.GatherRows o -> List.of(o.x(), o.index());
            case Op.PairSimilarities o -> List.of(o.a(), o.b(), o.logScale());
            case Op.Reshape o -> List.of(o.x());
        };
    }

    /** The value whose memory holds the elements of this one: reshaping moves nothing. */
    static Value root(Program program, Value value) {
        return program.ops().get(value.id()) instanceof Op.Reshape reshape ? root(program, reshape.x()) : value;
    }

    /** The operation that computes the elements of a value. */
    static Op source(Program program, Value value) {
        return program.ops().get(root(program, value).id());
    }
}
