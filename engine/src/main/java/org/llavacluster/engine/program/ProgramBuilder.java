package org.llavacluster.engine.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.DType;

/** Traces a model definition into a {@link Program}, checking every shape on the way. */
public final class ProgramBuilder {

    private final String name;
    private final List<Op> ops = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();
    private final Map<String, Value> weights = new HashMap<>();
    private final Map<String, Value> outputs = new LinkedHashMap<>();

    public ProgramBuilder(String name) {
        this.name = name;
    }

    public Program build() {
        return new Program(name, ops, values, outputs);
    }

    public Value input(String input, DType dtype, Dim... shape) {
        return emit(new Op.Input(input, dtype, List.of(shape)), dtype, List.of(shape));
    }

    /** A weight of that name; the same value if it was asked for before. */
    public Value weight(String weight, long... shape) {
        List<Dim> dims = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        for (long size : shape) {
            dims.add(Dim.of(size));
            sizes.add(size);
        }
        Value known = weights.get(weight);
        if (known != null) {
            require(known.shape().equals(dims), "weight %s used as %s and as %s", weight, known.shape(), dims);
            return known;
        }
        Value value = emit(new Op.Weight(weight, List.copyOf(sizes)), DType.F32, dims);
        weights.put(weight, value);
        return value;
    }

    public void output(String output, Value value) {
        require(outputs.put(output, value) == null, "output %s declared twice", output);
    }

    /** See {@link Op.Linear}; bias may be null. */
    public Value linear(Value x, Value weight, Value bias) {
        matrix(x);
        require(
                weight.shape().size() == 2 && weight.columns() == x.columns(),
                "linear: x %s, weight %s",
                x.shape(),
                weight.shape());
        Dim out = weight.shape().getFirst();
        require(bias == null || bias.shape().equals(List.of(out)), "linear: bias does not fit %s outputs", out);
        return emit(new Op.Linear(x, weight, bias), List.of(rows(x), out));
    }

    public Value layerNorm(Value x, Value scale, Value shift, float eps) {
        vectorOf(scale, x);
        vectorOf(shift, x);
        return emit(new Op.LayerNorm(x, scale, shift, eps), x.shape());
    }

    public Value rmsNorm(Value x, Value scale, float eps) {
        vectorOf(scale, x);
        return emit(new Op.RmsNorm(x, scale, eps), x.shape());
    }

    public Value quickGelu(Value x) {
        return emit(new Op.QuickGelu(x), x.shape());
    }

    public Value gelu(Value x) {
        return emit(new Op.Gelu(x), x.shape());
    }

    public Value siluGate(Value gate, Value up) {
        require(gate.shape().equals(up.shape()), "siluGate: gate %s, up %s", gate.shape(), up.shape());
        return emit(new Op.SiluGate(gate, up), gate.shape());
    }

    public Value add(Value a, Value b) {
        matrix(a);
        require(a.columns() == b.columns(), "add: %s + %s", a.shape(), b.shape());
        if (!rows(a).equals(rows(b))) {
            require(rows(b).isFixed(), "add: only a fixed number of rows can repeat, not %s", b.shape());
            rows(a).dividedBy(rows(b).factor());
        }
        return emit(new Op.Add(a, b), a.shape());
    }

    public Value embedding(Value ids, Value table) {
        indices(ids);
        matrix(table);
        return emit(
                new Op.Embedding(ids, table), List.of(rows(ids), table.shape().getLast()));
    }

    public Value rope(Value x, Value positions, int heads, List<Float> frequencies, float scale) {
        matrix(x);
        indices(positions);
        require(
                x.columns() == 2L * heads * frequencies.size(),
                "rope: %s columns for %s heads of %s frequencies",
                x.columns(),
                heads,
                frequencies.size());
        return emit(new Op.Rope(x, positions, heads, List.copyOf(frequencies), scale), x.shape());
    }

    public Value attention(Value q, Value k, Value v, int heads, int kvHeads, Dim groupRows, boolean causal) {
        attentionShapes(q, k, v, heads, kvHeads);
        return emit(new Op.Attention(q, k, v, heads, kvHeads, groupRows, causal), q.shape());
    }

    public Value kvAttention(Value q, Value k, Value v, int heads, int kvHeads, int layer) {
        attentionShapes(q, k, v, heads, kvHeads);
        return emit(new Op.KvAttention(q, k, v, heads, kvHeads, layer), q.shape());
    }

    public Value patches(Value x, int patch) {
        require(x.shape().size() == 4, "patches: x %s", x.shape());
        long side = x.columns();
        require(side % patch == 0, "patches: side %s is not a multiple of %s", side, patch);
        long perTile = (side / patch) * (side / patch);
        long channels = x.shape().get(1).factor();
        return emit(new Op.Patches(x, patch), List.of(rows(x).times(perTile), Dim.of(channels * patch * patch)));
    }

    public Value prependRow(Value x, Value row, long group) {
        vectorOf(row, x);
        Dim rows = rows(x).dividedBy(group).times(group + 1);
        return emit(new Op.PrependRow(x, row, group), List.of(rows, x.shape().getLast()));
    }

    public Value dropFirstRow(Value x, long group) {
        Dim rows = rows(x).dividedBy(group).times(group - 1);
        return emit(new Op.DropFirstRow(x, group), List.of(rows, x.shape().getLast()));
    }

    public Value concatColumns(List<Value> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        long columns = 0;
        for (Value part : parts) {
            require(rows(part).equals(rows(parts.getFirst())), "concatColumns: rows of %s differ", part.shape());
            columns += part.columns();
        }
        return emit(new Op.ConcatColumns(parts), List.of(rows(parts.getFirst()), Dim.of(columns)));
    }

    public Value concatRows(Value a, Value b) {
        require(a.columns() == b.columns(), "concatRows: %s over %s", a.shape(), b.shape());
        Dim rows = rows(a).isFixed() && rows(b).isFixed()
                ? Dim.of(rows(a).factor() + rows(b).factor())
                : Dim.of("(" + rows(a) + " + " + rows(b) + ")");
        return emit(new Op.ConcatRows(a, b), List.of(rows, a.shape().getLast()));
    }

    public Value gatherRows(Value x, Value index) {
        matrix(x);
        indices(index);
        return emit(new Op.GatherRows(x, index), List.of(rows(index), x.shape().getLast()));
    }

    /** See {@link Op.PairSimilarities}. */
    public Value pairSimilarities(Value a, Value b, Value logScale) {
        matrix(a);
        matrix(b);
        require(a.shape().equals(b.shape()), "pairSimilarities: a %s, b %s", a.shape(), b.shape());
        require(logScale.shape().equals(List.of(Dim.of(1))), "pairSimilarities: logScale %s", logScale.shape());
        return emit(new Op.PairSimilarities(a, b, logScale), List.of(rows(a).times(2), rows(a)));
    }

    public Value reshape(Value x, Dim... shape) {
        return emit(new Op.Reshape(x, List.of(shape)), List.of(shape));
    }

    private Value emit(Op op, List<Dim> shape) {
        return emit(op, DType.F32, shape);
    }

    private Value emit(Op op, DType dtype, List<Dim> shape) {
        Value value = new Value(ops.size(), dtype, shape);
        ops.add(op);
        values.add(value);
        return value;
    }

    private void attentionShapes(Value q, Value k, Value v, int heads, int kvHeads) {
        require(heads % kvHeads == 0, "attention: %s heads over %s KV heads", heads, kvHeads);
        require(q.columns() % heads == 0, "attention: %s columns over %s heads", q.columns(), heads);
        long kvColumns = q.columns() / heads * kvHeads;
        require(
                k.columns() == kvColumns && v.columns() == kvColumns,
                "attention: q %s, k %s, v %s",
                q.shape(),
                k.shape(),
                v.shape());
    }

    private static Dim rows(Value x) {
        return x.shape().getFirst();
    }

    private static void matrix(Value x) {
        require(x.shape().size() == 2 && x.dtype() == DType.F32, "expected [rows, columns] of F32, not %s", x);
    }

    private static void indices(Value x) {
        require(x.shape().size() == 1 && x.dtype() == DType.I32, "expected [rows] of I32, not %s", x);
    }

    private static void vectorOf(Value vector, Value x) {
        require(
                vector.shape().equals(List.of(x.shape().getLast())),
                "%s does not fit the columns of %s",
                vector.shape(),
                x.shape());
    }

    private static void require(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }
}
