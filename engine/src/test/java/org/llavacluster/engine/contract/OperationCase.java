package org.llavacluster.engine.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;

/**
 * A small program around one operation, with a single output {@code y}.
 *
 * @param symbols sizes for one run
 * @param indexLimit ids and indices lie below it
 */
public record OperationCase(String name, Program program, Map<String, Long> symbols, int indexLimit) {

    private static final Dim ROWS = Dim.of("rows");

    @Override
    public String toString() {
        return name;
    }

    /** Every operation but KV attention at least once, in sizes drawn from {@code random}. */
    public static List<OperationCase> all(Random random) {
        int rows = 1 + random.nextInt(6);
        int columns = 8 * (1 + random.nextInt(3));
        int out = 3 + random.nextInt(20);
        Map<String, Long> symbols = Map.of("rows", (long) rows);
        List<OperationCase> cases = new ArrayList<>();
        Adder matrix = (name, body) -> cases.add(matrix(name, rows, columns, body));
        matrix.add("linear", (b, x) -> b.linear(x, b.weight("w", out, columns), b.weight("bias", out)));
        matrix.add("linear without bias", (b, x) -> b.linear(x, b.weight("w", out, columns), null));
        matrix.add(
                "layer norm", (b, x) -> b.layerNorm(x, b.weight("scale", columns), b.weight("shift", columns), 1e-5f));
        matrix.add("rms norm", (b, x) -> b.rmsNorm(x, b.weight("scale", columns), 1e-6f));
        matrix.add("quick gelu", ProgramBuilder::quickGelu);
        matrix.add("gelu", ProgramBuilder::gelu);
        matrix.add("silu gate", (b, x) -> b.siluGate(x, b.input("up", DType.F32, ROWS, Dim.of(columns))));
        matrix.add("add", (b, x) -> b.add(x, b.input("b", DType.F32, ROWS, Dim.of(columns))));
        matrix.add("gather rows", (b, x) -> b.gatherRows(x, b.input("index", DType.I32, Dim.of("n"))));
        matrix.add("rope", (b, x) -> b.rope(x, positions(b), 2, frequencies(columns / 4), 1f));
        matrix.add("scaled rope", (b, x) -> b.rope(x, positions(b), 1, frequencies(columns / 2), 1.3f));
        matrix.add(
                "concat columns", (b, x) -> b.concatColumns(List.of(x, b.input("b", DType.F32, ROWS, Dim.of(out)), x)));
        matrix.add("concat rows", (b, x) -> b.concatRows(x, b.input("b", DType.F32, Dim.of("n"), Dim.of(columns))));
        matrix.add("concat fixed rows", (b, x) -> {
            Value a = b.input("a", DType.F32, Dim.of(2), Dim.of(columns));
            return b.concatRows(x, b.concatRows(a, b.input("b", DType.F32, Dim.of(3), Dim.of(columns))));
        });
        matrix.add("gather from concatenated rows", (b, x) -> {
            Value both = b.concatRows(x, b.input("b", DType.F32, Dim.of("n"), Dim.of(columns)));
            return b.gatherRows(both, b.input("index", DType.I32, Dim.of("picked")));
        });
        matrix.add(
                "attention over one symbolic group",
                (b, x) -> b.attention(x, twin(b, "k", columns), twin(b, "v", columns), 2, 2, ROWS, true));
        matrix.add(
                "pair similarities",
                (b, x) ->
                        b.pairSimilarities(x, b.input("b", DType.F32, ROWS, Dim.of(columns)), b.weight("logScale", 1)));
        matrix.add("an input as it is", (b, x) -> x);
        cases.add(embedding(symbols, columns, out));
        cases.add(tiedEmbedding(symbols, columns));
        cases.add(groups(
                "add with repeated rows",
                random,
                (b, x, group) -> b.add(x, b.input("b", DType.F32, Dim.of(group), Dim.of(x.columns())))));
        cases.add(groups(
                "add one row",
                random,
                (b, x, group) -> b.add(x, b.input("b", DType.F32, Dim.of(1), Dim.of(x.columns())))));
        cases.add(groups("prepend row", random, (b, x, group) -> b.prependRow(x, b.weight("row", x.columns()), group)));
        cases.add(groups("drop first row", random, (b, x, group) -> b.dropFirstRow(x, group)));
        cases.add(groups(
                "attention in groups",
                random,
                (b, x, group) -> b.attention(x, twin(b, "k", x, 1), twin(b, "v", x, 1), 4, 4, Dim.of(group), false)));
        cases.add(groups(
                "causal attention, query heads sharing KV heads",
                random,
                (b, x, group) -> b.attention(x, twin(b, "k", x, 2), twin(b, "v", x, 2), 4, 2, Dim.of(group), true)));
        cases.add(patches(random));
        cases.add(reshapedWeight(symbols, columns));
        return cases;
    }

    /** Adds a case that makes y of x [rows, columns]. */
    private interface Adder {
        void add(String name, BiFunction<ProgramBuilder, Value, Value> body);
    }

    private static OperationCase matrix(
            String name, int rows, int columns, BiFunction<ProgramBuilder, Value, Value> body) {
        ProgramBuilder builder = new ProgramBuilder("main");
        Value x = builder.input("x", DType.F32, ROWS, Dim.of(columns));
        builder.output("y", body.apply(builder, x));
        return new OperationCase(name, builder.build(), Map.of("rows", (long) rows, "n", 4L, "picked", 5L), rows);
    }

    private static Value positions(ProgramBuilder builder) {
        return builder.input("positions", DType.I32, ROWS);
    }

    private static Value twin(ProgramBuilder builder, String name, int columns) {
        return builder.input(name, DType.F32, ROWS, Dim.of(columns));
    }

    private static Value twin(ProgramBuilder builder, String name, Value x, int share) {
        return builder.input(name, DType.F32, x.shape().getFirst(), Dim.of(x.columns() / share));
    }

    private static List<Float> frequencies(int half) {
        List<Float> frequencies = new ArrayList<>();
        for (int i = 0; i < half; i++) {
            frequencies.add((float) Math.pow(10_000, -(double) i / half));
        }
        return frequencies;
    }

    private static OperationCase embedding(Map<String, Long> symbols, int columns, int vocabulary) {
        ProgramBuilder builder = new ProgramBuilder("main");
        Value ids = builder.input("ids", DType.I32, ROWS);
        builder.output("y", builder.embedding(ids, builder.weight("table", vocabulary, columns)));
        return new OperationCase("embedding", builder.build(), symbols, vocabulary);
    }

    private static OperationCase tiedEmbedding(Map<String, Long> symbols, int columns) {
        ProgramBuilder builder = new ProgramBuilder("main");
        Value table = builder.weight("table", 11, columns);
        Value x = builder.embedding(builder.input("ids", DType.I32, ROWS), table);
        builder.output("y", builder.linear(builder.quickGelu(x), table, null));
        return new OperationCase("tied embedding", builder.build(), symbols, 11);
    }

    /** Makes y of x, whose rows are some groups of {@code group}. */
    private interface GroupBody {
        Value apply(ProgramBuilder builder, Value x, int group);
    }

    private static OperationCase groups(String name, Random random, GroupBody body) {
        int group = 2 + random.nextInt(4);
        ProgramBuilder builder = new ProgramBuilder("main");
        Value x = builder.input("x", DType.F32, Dim.of("tiles").times(group), Dim.of(16));
        builder.output("y", body.apply(builder, x, group));
        return new OperationCase(name, builder.build(), Map.of("tiles", 1L + random.nextInt(3)), 1);
    }

    private static OperationCase patches(Random random) {
        int patch = 2 + random.nextInt(3);
        int side = patch * (1 + random.nextInt(4));
        ProgramBuilder builder = new ProgramBuilder("main");
        Value x = builder.input("x", DType.F32, Dim.of("tiles"), Dim.of(3), Dim.of(side), Dim.of(side));
        builder.output("y", builder.patches(x, patch));
        return new OperationCase("patches", builder.build(), Map.of("tiles", 2L), 1);
    }

    private static OperationCase reshapedWeight(Map<String, Long> symbols, int columns) {
        ProgramBuilder builder = new ProgramBuilder("main");
        Value x = builder.input("x", DType.F32, ROWS, Dim.of(columns));
        Value kernel = builder.weight("kernel", 5, columns / 4, 2, 2);
        builder.output("y", builder.linear(x, builder.reshape(kernel, Dim.of(5), Dim.of(columns)), null));
        return new OperationCase("reshaped weight", builder.build(), symbols, 1);
    }
}
