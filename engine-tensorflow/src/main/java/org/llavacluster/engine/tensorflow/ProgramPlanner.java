package org.llavacluster.engine.tensorflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.Value;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Writes the operations of one program into a graph. */
final class ProgramPlanner {

    private final Program program;
    private final GraphWriter graph;
    private final Function<Op.Weight, Output<?>> weights;
    private final Optional<KvGraph> kv;
    private final LinearAddition addition;
    private final List<Output<?>> results = new ArrayList<>();
    private final Map<String, Output<?>> inputs = new LinkedHashMap<>();
    private final List<Operation> stores = new ArrayList<>();
    /** What several operations need and one computes, by what it was computed from. */
    private final Map<Object, Object> shared = new HashMap<>();

    /** A program that serves. */
    ProgramPlanner(Program program, GraphWriter graph, Function<Op.Weight, Output<?>> weights, Optional<KvGraph> kv) {
        this(program, graph, weights, kv, LinearAddition.NONE);
    }

    /**
     * @param weights the float32 tensor of each weight, in the shape that the program names
     * @param addition to the results of linear layers
     */
    ProgramPlanner(
            Program program,
            GraphWriter graph,
            Function<Op.Weight, Output<?>> weights,
            Optional<KvGraph> kv,
            LinearAddition addition) {
        this.program = program;
        this.graph = graph;
        this.weights = weights;
        this.kv = kv;
        this.addition = addition;
    }

    ProgramGraph plan() {
        for (int i = 0; i < program.ops().size(); i++) {
            results.add(plan(program.ops().get(i), program.values().get(i)));
        }
        Map<String, Output<?>> outputs = new LinkedHashMap<>();
        // A fed tensor cannot be fetched, and two outputs may be one value: hence the identity.
        program.outputs().forEach((name, value) -> outputs.put(name, graph.emit("Identity", of(value))));
        return new ProgramGraph(inputs, outputs, stores);
    }

    private Output<?> plan(Op op, Value value) {
        return switch (op) {
            case Op.Input o -> input(o);
            case Op.Weight o -> weights.apply(o);
            case Op.Linear o -> linear(o);
            case Op.LayerNorm o -> layerNorm(o);
            case Op.RmsNorm o -> rmsNorm(o);
            case Op.QuickGelu o -> quickGelu(of(o.x()));
            case Op.Gelu o -> gelu(of(o.x()));
            case Op.SiluGate o -> graph.mul(graph.mul(of(o.gate()), graph.emit("Sigmoid", of(o.gate()))), of(o.up()));
            case Op.Add o -> add(o);
            case Op.Embedding o -> graph.gather(of(o.table()), of(o.ids()));
            case Op.Rope o -> rope(o);
            case Op.Attention o -> attention(o);
            case Op.KvAttention o ->
                kv.orElseThrow(() -> new IllegalArgumentException(
                                "program " + program.name() + ": attention through a KV cache, and none here"))
                        .attend(o, of(o.q()), of(o.k()), of(o.v()), stores);
            case Op.Patches o -> patches(o, value);
            case Op.PrependRow o -> prependRow(o);
            case Op.DropFirstRow o -> dropFirstRow(o);
            case Op.ConcatColumns o ->
                graph.concat(1, o.parts().stream().map(this::of).toList());
            case Op.ConcatRows o -> graph.concat(0, List.of(of(o.a()), of(o.b())));
            case Op.GatherRows o -> graph.gather(of(o.x()), of(o.index()));
            case Op.PairSimilarities o -> pairSimilarities(o);
            case Op.Reshape o -> reshape(o);
        };
    }

    private Output<?> input(Op.Input op) {
        DataType type =
                switch (op.dtype()) {
                    case F32 -> DataType.DT_FLOAT;
                    case I32 -> DataType.DT_INT32;
                    case F16, BF16 ->
                        throw new IllegalArgumentException(
                                "input " + op.name() + " is " + op.dtype() + ": only F32 and I32 can be fed");
                };
        long[] shape = op.shape().stream()
                .mapToLong(dim -> dim.isFixed() ? dim.factor() : -1)
                .toArray();
        Output<?> placeholder = graph.placeholder(type, shape);
        inputs.put(op.name(), placeholder);
        return placeholder;
    }

    private Output<?> linear(Op.Linear op) {
        Output<?> y = graph.linear(of(op.weight()), of(op.x()));
        Output<?> added = program.ops().get(op.weight().id()) instanceof Op.Weight weight
                ? addition.add(weight, of(op.x()), y)
                : y;
        return op.bias() == null ? added : graph.add(added, of(op.bias()));
    }

    private Output<?> layerNorm(Op.LayerNorm op) {
        Output<?> centred = graph.sub(of(op.x()), graph.meanOfColumns(of(op.x())));
        Output<?> normal = graph.mul(centred, inverseRoot(centred, op.eps()));
        return graph.add(graph.mul(normal, of(op.scale())), of(op.shift()));
    }

    private Output<?> rmsNorm(Op.RmsNorm op) {
        return graph.mul(graph.mul(of(op.x()), inverseRoot(of(op.x()), op.eps())), of(op.scale()));
    }

    /** {@code 1 / sqrt(mean(x^2) + eps)} per row. */
    private Output<?> inverseRoot(Output<?> x, float eps) {
        Output<?> squares = graph.meanOfColumns(graph.emit("Square", x));
        return graph.emit("Rsqrt", graph.add(squares, graph.scalar(eps)));
    }

    private Output<?> quickGelu(Output<?> x) {
        return graph.mul(x, graph.emit("Sigmoid", graph.mul(x, graph.scalar(1.702f))));
    }

    private Output<?> gelu(Output<?> x) {
        Output<?> erf = graph.emit("Erf", graph.mul(x, graph.scalar((float) Math.sqrt(0.5))));
        return graph.mul(graph.mul(x, graph.scalar(0.5f)), graph.add(erf, graph.scalar(1f)));
    }

    private Output<?> add(Op.Add op) {
        Dim rows = rows(op.b());
        if (rows(op.a()).equals(rows)) {
            return graph.add(of(op.a()), of(op.b()));
        }
        int columns = columns(op.a());
        Output<?> groups = graph.reshape(of(op.a()), -1, size(rows.factor()), columns);
        return graph.reshape(graph.add(groups, of(op.b())), -1, columns);
    }

    private Output<?> rope(Op.Rope op) {
        int half = op.frequencies().size();
        Angles angles = shared(List.of(op.positions(), op.frequencies(), op.scale()), () -> angles(op));
        Output<?> x = graph.reshape(of(op.x()), -1, op.heads(), 2 * half);
        List<Output<?>> halves = graph.halves(x, 2);
        Output<?> a = halves.getFirst();
        Output<?> b = halves.getLast();
        Output<?> first = graph.sub(graph.mul(a, angles.cos()), graph.mul(b, angles.sin()));
        Output<?> second = graph.add(graph.mul(b, angles.cos()), graph.mul(a, angles.sin()));
        return graph.reshape(graph.concat(2, List.of(first, second)), -1, columns(op.x()));
    }

    /** Both [rows, 1, headDim / 2]. */
    private record Angles(Output<?> cos, Output<?> sin) {}

    private Angles angles(Op.Rope op) {
        float[] frequencies = new float[op.frequencies().size()];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = op.frequencies().get(i);
        }
        Output<?> positions = graph.reshape(graph.cast(of(op.positions()), DataType.DT_FLOAT), -1, 1, 1);
        Output<?> angles = graph.mul(positions, graph.floats(frequencies));
        Output<?> scale = graph.scalar(op.scale());
        return new Angles(graph.mul(graph.emit("Cos", angles), scale), graph.mul(graph.emit("Sin", angles), scale));
    }

    private Output<?> attention(Op.Attention op) {
        int headDim = columns(op.q()) / op.heads();
        Output<?> rows = sizeOf(op.groupRows());
        AttentionGraph attention = shared(
                List.of(op.heads(), op.kvHeads(), headDim, op.groupRows(), op.causal()),
                () -> new AttentionGraph(
                        graph,
                        op.heads(),
                        op.kvHeads(),
                        headDim,
                        rows,
                        op.causal() ? Optional.of(causal(rows)) : Optional.empty()));
        Output<?> shape =
                graph.pack(List.of(graph.scalar(-1), rows, graph.scalar(op.kvHeads()), graph.scalar(headDim)));
        return attention.attend(
                of(op.q()), graph.emit("Reshape", of(op.k()), shape), graph.emit("Reshape", of(op.v()), shape));
    }

    /** [1, 1, rows, rows]. */
    private Output<?> causal(Output<?> rows) {
        Output<?> positions = graph.range(rows);
        return graph.emit("LessEqual", graph.reshape(positions, 1, 1, 1, -1), graph.reshape(positions, 1, 1, -1, 1));
    }

    private Output<?> patches(Op.Patches op, Value value) {
        int channels = size(op.x().shape().get(1).factor());
        int perSide = columns(op.x()) / op.patch();
        Output<?> cut = graph.reshape(of(op.x()), -1, channels, perSide, op.patch(), perSide, op.patch());
        return graph.reshape(graph.transpose(cut, 0, 2, 4, 1, 3, 5), -1, columns(value));
    }

    private Output<?> prependRow(Op.PrependRow op) {
        int columns = columns(op.x());
        Output<?> groups = graph.reshape(of(op.x()), -1, size(op.group()), columns);
        Output<?> shape = graph.pack(List.of(graph.size(groups, 0), graph.scalar(1), graph.scalar(columns)));
        Output<?> row = graph.emit("BroadcastTo", of(op.row()), shape);
        return graph.reshape(graph.concat(1, List.of(row, groups)), -1, columns);
    }

    private Output<?> dropFirstRow(Op.DropFirstRow op) {
        int columns = columns(op.x());
        Output<?> groups = graph.reshape(of(op.x()), -1, size(op.group()), columns);
        Output<?> rest = graph.emit("Slice", groups, graph.ints(0, 1, 0), graph.ints(-1, -1, -1));
        return graph.reshape(rest, -1, columns);
    }

    private Output<?> pairSimilarities(Op.PairSimilarities op) {
        Output<?> cosines = graph.matMulTransposed(unit(op.a()), unit(op.b()));
        Output<?> similarities = graph.mul(cosines, graph.emit("Exp", of(op.logScale())));
        return graph.concat(0, List.of(similarities, graph.transpose(similarities, 1, 0)));
    }

    /** Rows of length 1. */
    private Output<?> unit(Value x) {
        Output<?> squares =
                graph.mul(graph.meanOfColumns(graph.emit("Square", of(x))), graph.scalar((float) columns(x)));
        return graph.mul(of(x), graph.emit("Rsqrt", squares));
    }

    private Output<?> reshape(Op.Reshape op) {
        List<Output<?>> sizes = new ArrayList<>();
        boolean inferred = false;
        for (Dim dim : op.shape()) {
            boolean infer = !dim.isFixed() && !inferred;
            inferred |= infer;
            sizes.add(infer ? graph.scalar(-1) : sizeOf(dim));
        }
        return graph.emit("Reshape", of(op.x()), graph.pack(sizes));
    }

    /** The size of a dimension, a scalar: a constant, or read off an input that has it. */
    private Output<?> sizeOf(Dim dim) {
        return dim.isFixed() ? graph.scalar(size(dim.factor())) : shared(dim, () -> readOff(dim));
    }

    private Output<?> readOff(Dim dim) {
        for (Op op : program.ops()) {
            if (op instanceof Op.Input input && inputs.containsKey(input.name())) {
                for (int i = 0; i < input.shape().size(); i++) {
                    Dim known = input.shape().get(i);
                    if (known.symbol().equals(dim.symbol())) {
                        Output<?> size = graph.size(inputs.get(input.name()), i);
                        Output<?> symbol = graph.emit("FloorDiv", size, graph.scalar(size(known.factor())));
                        return graph.mul(symbol, graph.scalar(size(dim.factor())));
                    }
                }
            }
        }
        throw new IllegalArgumentException("program " + program.name() + ": no input binds the size " + dim);
    }

    @SuppressWarnings("unchecked") // each kind of key is used by one caller
    private <T> T shared(Object key, Supplier<T> make) {
        Object known = shared.get(key);
        if (known == null) {
            known = make.get();
            shared.put(key, known);
        }
        return (T) known;
    }

    private Output<?> of(Value value) {
        return results.get(value.id());
    }

    private static Dim rows(Value value) {
        return value.shape().getFirst();
    }

    private static int columns(Value value) {
        return size(value.columns());
    }

    private static int size(long size) {
        return Math.toIntExact(size);
    }
}
