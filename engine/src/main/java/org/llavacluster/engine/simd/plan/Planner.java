package org.llavacluster.engine.simd.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.Value;
import org.llavacluster.engine.simd.attention.CachedAttention;
import org.llavacluster.engine.simd.attention.GroupAttention;
import org.llavacluster.engine.simd.attention.HeadShape;
import org.llavacluster.engine.simd.attention.KvStore;
import org.llavacluster.engine.simd.kernel.Lanes;
import org.llavacluster.engine.simd.pack.PackedMatrix;

/**
 * Turns a traced program into the steps of a run.
 *
 * <p><b>Fusion.</b> Linear layers that read the same rows become one {@link LinearStep}, so that the rows are packed
 * once. An activation or a sum that follows a layer is computed with it if nothing else reads the layer's result.
 *
 * <p><b>Memory.</b> {@link BufferPlan} assigns a buffer to each value. A buffer is free for another value after its
 * last reader, so operations are planned in program order and buffers are released after each.
 *
 * <p><b>Shared work.</b> Rotary tables with equal frequencies and attention with equal shapes are created once for all
 * layers.
 */
final class Planner {

    private final Program program;
    private final HeldWeights weights;
    private final Optional<KvStore> kv;
    private final BufferPlan buffers;
    private final List<PlannedStep> steps = new ArrayList<>();
    private final Map<String, Slot> inputs = new LinkedHashMap<>();
    private final List<RotaryTable> rotaryTables = new ArrayList<>();
    private final Map<List<Object>, GroupAttention> attentions = new HashMap<>();

    /** @param inputs slots of the float inputs by name */
    record Plan(List<PlannedStep> steps, int buffers, Map<String, Slot> inputs, Map<String, Slot> outputs) {}

    Planner(Program program, HeldWeights weights, Optional<KvStore> kv) {
        this.program = program;
        this.weights = weights;
        this.kv = kv;
        this.buffers = new BufferPlan(program, weights);
    }

    Plan plan() {
        // Inputs first: a run copies them in before its first step.
        for (int i = 0; i < program.ops().size(); i++) {
            if (program.ops().get(i) instanceof Op.Input input && input.dtype() == DType.F32) {
                inputs.put(input.name(), buffers.allot(program.values().get(i)));
            }
        }
        for (int i = 0; i < program.ops().size(); ) {
            int last = step(i);
            buffers.release(last);
            i = last + 1;
        }
        Map<String, Slot> outputs = new LinkedHashMap<>();
        program.outputs().forEach((name, value) -> outputs.put(name, buffers.of(value)));
        return new Plan(List.copyOf(steps), buffers.buffers(), inputs, outputs);
    }

    /** Plans operation i, perhaps together with following ones.
     *
     * @return index of the last operation that was planned
     */
    private int step(int i) {
        Value y = program.values().get(i);
        switch (program.ops().get(i)) {
            case Op.Input o -> {}
            case Op.Weight o -> {}
            case Op.Reshape o -> {}
            case Op.Linear o -> {
                return linear(i, o);
            }
            case Op.LayerNorm o -> {
                float[] scale = buffers.constant(o.scale());
                float[] shift = buffers.constant(o.shift());
                Slot x = buffers.of(o.x());
                steps.add(ElementSteps.layerNorm(o, x, scale, shift, buffers.allotOver(o.x(), y, i)));
            }
            case Op.RmsNorm o -> {
                Slot x = buffers.of(o.x());
                steps.add(ElementSteps.rmsNorm(o, x, buffers.constant(o.scale()), buffers.allotOver(o.x(), y, i)));
            }
            case Op.QuickGelu o -> {
                Slot x = buffers.of(o.x());
                steps.add(ElementSteps.quickGelu(o, x, buffers.allotOver(o.x(), y, i)));
            }
            case Op.Gelu o -> {
                Slot x = buffers.of(o.x());
                steps.add(ElementSteps.gelu(o, x, buffers.allotOver(o.x(), y, i)));
            }
            case Op.SiluGate o -> {
                Slot gate = buffers.of(o.gate());
                Slot up = buffers.of(o.up());
                steps.add(ElementSteps.siluGate(o, gate, up, buffers.allotOver(o.gate(), y, i)));
            }
            case Op.Add o -> {
                Slot a = buffers.of(o.a());
                Slot b = buffers.of(o.b());
                steps.add(ElementSteps.add(o, a, b, buffers.allotOver(o.a(), y, i)));
            }
            case Op.Embedding o -> steps.add(weights.table(name(o.table())).lookUp(o.ids(), buffers.allot(y)));
            case Op.Rope o -> {
                Slot x = buffers.of(o.x());
                steps.add(rotaryTable(o).rotate(o, x, buffers.allotOver(o.x(), y, i)));
            }
            case Op.Attention o -> attention(o, y);
            case Op.KvAttention o -> cachedAttention(o, y);
            case Op.Patches o -> steps.add(RowSteps.patches(o, buffers.of(o.x()), buffers.allot(y)));
            case Op.PrependRow o ->
                steps.add(RowSteps.prependRow(o, buffers.of(o.x()), buffers.of(o.row()), buffers.allot(y)));
            case Op.DropFirstRow o -> steps.add(RowSteps.dropFirstRow(o, buffers.of(o.x()), buffers.allot(y)));
            case Op.ConcatColumns o ->
                steps.add(RowSteps.concatColumns(
                        o, o.parts().stream().map(buffers::of).toList(), (int) y.columns(), buffers.allot(y)));
            case Op.ConcatRows o ->
                steps.add(RowSteps.concatRows(o, buffers.of(o.a()), buffers.of(o.b()), buffers.allot(y)));
            case Op.GatherRows o ->
                steps.add(RowSteps.gather(o.index(), (int) y.columns(), buffers.of(o.x()), buffers.allot(y)));
            case Op.PairSimilarities o ->
                steps.add(SimilarityStep.of(
                        o, buffers.of(o.a()), buffers.of(o.b()), buffers.constant(o.logScale()), buffers.allot(y)));
        }
        return i;
    }

    private int linear(int first, Op.Linear op) {
        Slot x = buffers.of(op.x());
        List<LinearStep.Layer> layers = new ArrayList<>();
        int last = first;
        for (int i = first; i < program.ops().size(); i = after(last)) {
            if (!(program.ops().get(i) instanceof Op.Linear next && next.x().equals(op.x()))) {
                break;
            }
            last = layer(i, next, layers);
        }
        steps.add(new LinearStep(op.x(), x, layers));
        return last;
    }

    /** Adds linear layer i together with the operations that can be fused with it.
     *
     * @return index of the last operation that was fused
     */
    private int layer(int i, Op.Linear op, List<LinearStep.Layer> layers) {
        PackedMatrix matrix = weights.matrix(name(op.weight()));
        float[] bias =
                op.bias() == null ? null : Arrays.copyOf(buffers.constant(op.bias()), matrix.panels() * Lanes.PANEL);
        int last = i;
        Value y = program.values().get(i);
        LinearStep.Activation activation = LinearStep.Activation.NONE;
        int next = after(last);
        if (buffers.usedOnce(y) && next < program.ops().size()) {
            activation = activation(program.ops().get(next), y);
            if (activation != LinearStep.Activation.NONE) {
                last = next;
                y = program.values().get(last);
                next = after(last);
            }
        }
        Slot residual = null;
        if (buffers.usedOnce(y)
                && next < program.ops().size()
                && program.ops().get(next) instanceof Op.Add add
                && add.a().shape().equals(add.b().shape())
                && !add.a().equals(add.b())
                && (add.a().equals(y) || add.b().equals(y))) {
            Slot other = buffers.of(add.a().equals(y) ? add.b() : add.a());
            // The result of another layer of this step may not be computed yet.
            if (other != null
                    && layers.stream().noneMatch(layer -> layer.result().equals(other))) {
                residual = other;
                last = next;
                y = program.values().get(last);
            }
        }
        // A buffer of its own: layers of this step still read x and their residuals.
        layers.add(new LinearStep.Layer(matrix, bias, activation, residual, buffers.allot(y)));
        return last;
    }

    private static LinearStep.Activation activation(Op op, Value x) {
        return switch (op) {
            case Op.QuickGelu o when o.x().equals(x) -> LinearStep.Activation.QUICK_GELU;
            case Op.Gelu o when o.x().equals(x) -> LinearStep.Activation.GELU;
            default -> LinearStep.Activation.NONE;
        };
    }

    /** The next operation that computes something. */
    private int after(int i) {
        int next = i + 1;
        while (next < program.ops().size()
                && (program.ops().get(next) instanceof Op.Weight
                        || program.ops().get(next) instanceof Op.Input
                        || program.ops().get(next) instanceof Op.Reshape)) {
            next++;
        }
        return next;
    }

    private RotaryTable rotaryTable(Op.Rope op) {
        for (RotaryTable known : rotaryTables) {
            if (known.fit(op)) {
                return known;
            }
        }
        RotaryTable made = new RotaryTable(op.positions(), op.frequencies(), op.scale());
        rotaryTables.add(made);
        steps.add(made);
        return made;
    }

    private void attention(Op.Attention op, Value y) {
        HeadShape shape = shape(op.q(), op.heads(), op.kvHeads());
        GroupAttention attention =
                attentions.computeIfAbsent(List.of(shape, op.causal()), key -> new GroupAttention(shape, op.causal()));
        Slot q = buffers.of(op.q());
        Slot k = buffers.of(op.k());
        Slot v = buffers.of(op.v());
        Slot result = buffers.allot(y);
        steps.add(run -> {
            int group = run.size(op.groupRows());
            int rows = run.rows(op.q());
            float[] to = run.room(result, run.elements(op.q()));
            if (rows > 0) {
                attention.run(run.get(q), run.get(k), run.get(v), to, rows / group, group, run.pool, run.scratch);
            }
        });
    }

    private void cachedAttention(Op.KvAttention op, Value y) {
        HeadShape shape = shape(op.q(), op.heads(), op.kvHeads());
        CachedAttention attention = new CachedAttention(kv.orElseThrow(), op.layer(), shape);
        Slot q = buffers.of(op.q());
        Slot k = buffers.of(op.k());
        Slot v = buffers.of(op.v());
        Slot result = buffers.allot(y);
        steps.add(run -> {
            float[] to = run.room(result, run.elements(op.q()));
            attention.run(run.get(q), run.get(k), run.get(v), to, run.step(), run.pool, run.scratch);
        });
    }

    private static HeadShape shape(Value q, int heads, int kvHeads) {
        return new HeadShape(heads, kvHeads, Math.toIntExact(q.columns() / heads));
    }

    private String name(Value weight) {
        return ((Op.Weight) Operands.source(program, weight)).name();
    }
}
