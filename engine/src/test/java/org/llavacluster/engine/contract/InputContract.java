package org.llavacluster.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;

/** What does not fit is refused by name, before anything runs. */
public interface InputContract {

    Backend backend();

    @Test
    default void shouldRefuseInputsThatDoNotFitTheProgram() {
        try (LoadedModel model = loadPicker()) {
            Map<String, HostTensor> good = picker(3);
            assertRefused(model, without(good, "ids"), "ids", "missing");
            assertRefused(model, with(good, "extra", HostTensor.heap(DType.F32, 1)), "extra");
            assertRefused(model, with(good, "x", HostTensor.heap(DType.I32, 3, 4)), "x", "I32", "F32");
            assertRefused(model, with(good, "x", HostTensor.heap(DType.F32, 3, 5)), "x", "5");
            assertRefused(model, with(good, "x", HostTensor.heap(DType.F32, 12)), "x", "12");
            assertRefused(model, with(good, "x", HostTensor.heap(DType.F32, 2, 4)), "ids", "rows=2");
            assertRefused(model, with(good, "pairs", HostTensor.heap(DType.F32, 5, 4)), "pairs", "5");
            assertThatThrownBy(() -> model.run("nothing", good)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    default void shouldRefuseIdsAndIndicesOutsideWhatTheyIndex() {
        try (LoadedModel model = loadPicker()) {
            Map<String, HostTensor> good = picker(3);
            assertRefused(model, with(good, "ids", HostTensor.ofInts(new int[] {0, 7, 1}, 3)), "ids", "7");
            assertRefused(model, with(good, "ids", HostTensor.ofInts(new int[] {0, 1, -1}, 3)), "ids", "-1");
            assertRefused(model, with(good, "index", HostTensor.ofInts(new int[] {5}, 1)), "index", "5");
            model.run("picker", with(good, "index", HostTensor.ofInts(new int[] {4, 0}, 2)))
                    .close();
        }
    }

    @Test
    default void shouldRefuseAStepThatDoesNotFitTheCache() {
        KvLayout layout = new KvLayout(1, 1, 4, 3, 2, DType.F32);
        try (LoadedModel model = backend().load(List.of(attention(0, 4)), none(), Optional.of(layout))) {
            assertStepRefused(model, 2, new KvStep.Part(0, 1, new int[] {0}));
            assertStepRefused(model, 3, new KvStep.Part(0, 3, new int[] {0}));
            assertStepRefused(model, 1, new KvStep.Part(0, 1, new int[] {3}));
            assertStepRefused(model, 1, new KvStep.Part(0, 1, new int[] {-1}));
            assertStepRefused(model, 1, new KvStep.Part(Integer.MAX_VALUE, 1, new int[] {0}));
            HostTensor x = HostTensor.heap(DType.F32, 1, 4);
            Map<String, HostTensor> inputs = Map.of("x", x);
            assertThatThrownBy(() -> model.run("attention", inputs)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    default void shouldRefuseToLoadWhatItCouldNotRun() {
        KvLayout layout = new KvLayout(1, 1, 4, 3, 2, DType.F32);
        assertThatThrownBy(() -> backend().load(List.of(attention(0, 4)), none(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("attention");
        assertThatThrownBy(() -> backend().load(List.of(attention(1, 4)), none(), Optional.of(layout)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 1");
        assertThatThrownBy(() -> backend().load(List.of(attention(0, 8)), none(), Optional.of(layout)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8");
        assertThatThrownBy(() -> backend().load(List.of(pickerProgram()), none(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("table");
        Weights misshaped = name -> new Weights.Weight(
                name,
                DType.F32,
                new long[] {2, 2},
                HostTensor.heap(DType.F32, 2, 2).bytes());
        assertThatThrownBy(() -> backend().load(List.of(pickerProgram()), misshaped, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("table")
                .hasMessageContaining("[2, 2]");
    }

    @Test
    default void shouldRefuseUnknownOutputsAndCountTraffic() {
        try (LoadedModel model = loadPicker();
                LoadedModel.Outputs outputs = model.run("picker", picker(3))) {
            assertThat(outputs.get("y").shape()).containsExactly(1, 4);
            assertThatThrownBy(() -> outputs.get("z")).isInstanceOf(IllegalArgumentException.class);
            long fed = 4 * (3 * 4 + 3 + 2 * 4 + 1);
            assertThat(model.traffic()).isEqualTo(new LoadedModel.Traffic(fed, 4 * 4));
        }
    }

    private LoadedModel loadPicker() {
        Weights weights = RandomTensors.weights(1, DType.F32, List.of(pickerProgram()));
        return backend().load(List.of(pickerProgram()), weights, Optional.empty());
    }

    /** x [rows, 4] + table rows by ids [rows], over pairs [2 * n, 4], of which index picks rows. */
    private static Program pickerProgram() {
        Dim rows = Dim.of("rows");
        ProgramBuilder b = new ProgramBuilder("picker");
        Value x = b.input("x", DType.F32, rows, Dim.of(4));
        Value embedded = b.embedding(b.input("ids", DType.I32, rows), b.weight("table", 7, 4));
        Value pairs = b.input("pairs", DType.F32, Dim.of("n").times(2), Dim.of(4));
        Value all = b.concatRows(b.add(x, embedded), pairs);
        b.output("y", b.gatherRows(all, b.input("index", DType.I32, Dim.of("picked"))));
        return b.build();
    }

    private static Map<String, HostTensor> picker(int rows) {
        return Map.of(
                "x", HostTensor.heap(DType.F32, rows, 4),
                "ids", HostTensor.heap(DType.I32, rows),
                "pairs", HostTensor.heap(DType.F32, 2, 4),
                "index", HostTensor.heap(DType.I32, 1));
    }

    private static Program attention(int layer, int headDim) {
        ProgramBuilder b = new ProgramBuilder("attention");
        Value x = b.input("x", DType.F32, Dim.of("rows"), Dim.of(headDim));
        b.output("y", b.kvAttention(x, x, x, 1, 1, layer));
        return b.build();
    }

    private static Weights none() {
        return RandomTensors.weights(0, DType.F32, List.of());
    }

    private static Map<String, HostTensor> with(Map<String, HostTensor> inputs, String name, HostTensor tensor) {
        Map<String, HostTensor> changed = new HashMap<>(inputs);
        changed.put(name, tensor);
        return changed;
    }

    private static Map<String, HostTensor> without(Map<String, HostTensor> inputs, String name) {
        Map<String, HostTensor> changed = new HashMap<>(inputs);
        changed.remove(name);
        return changed;
    }

    private static void assertRefused(LoadedModel model, Map<String, HostTensor> inputs, String... mentioned) {
        assertThatThrownBy(() -> model.run("picker", inputs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(mentioned);
    }

    private static void assertStepRefused(LoadedModel model, int rows, KvStep.Part part) {
        Map<String, HostTensor> inputs = Map.of("x", HostTensor.heap(DType.F32, rows, 4));
        KvStep step = new KvStep(List.of(part));
        assertThatThrownBy(() -> model.run("attention", inputs, step))
                .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
    }
}
