package org.llavacluster.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.reference.ReferenceBackend;

/** Programs without a cache give what the reference gives. */
public interface OperationContract {

    Backend backend();

    double tolerance();

    static LongStream seeds() {
        return LongStream.range(0, 12);
    }

    static Stream<OperationCase> operations() {
        return Stream.of(1L, 2L, 3L).flatMap(seed -> OperationCase.all(new Random(seed)).stream());
    }

    @ParameterizedTest
    @MethodSource("org.llavacluster.engine.contract.OperationContract#operations")
    default void shouldComputeEveryOperationAsTheReferenceDoes(OperationCase operation) {
        Program program = operation.program();
        Weights weights = RandomTensors.weights(7, DType.F32, List.of(program));
        Map<String, HostTensor> inputs =
                RandomTensors.inputs(new Random(8), program, operation.symbols(), operation.indexLimit());
        assertAsReference(operation.name(), program, weights, inputs);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("org.llavacluster.engine.contract.OperationContract#seeds")
    default void shouldComputeRandomProgramsAsTheReferenceDoes(long seed) {
        Random random = new Random(seed);
        Program program = RandomProgram.of(random);
        Weights weights = RandomTensors.weights(seed, DType.F32, List.of(program));
        for (long groups : new long[] {1, 3}) {
            Map<String, HostTensor> inputs = RandomTensors.inputs(random, program, Map.of("groups", groups), 1);
            assertAsReference("seed " + seed, program, weights, inputs);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    default void shouldWidenStoredWeights(DType stored) {
        OperationCase operation = OperationCase.all(new Random(4)).getFirst();
        Program program = operation.program();
        assertAsReference(
                stored.toString(),
                program,
                RandomTensors.weights(5, stored, List.of(program)),
                RandomTensors.inputs(new Random(6), program, operation.symbols(), 1));
    }

    @Test
    default void shouldLoadWhatProgramsShareOnce() {
        Program one = OperationCase.all(new Random(4)).getFirst().program();
        Program two = new Program("two", one.ops(), one.values(), one.outputs());
        Weights weights = RandomTensors.weights(5, DType.F32, List.of(one));
        List<String> asked = new ArrayList<>();
        Weights counting = name -> {
            asked.add(name);
            return weights.get(name);
        };
        try (LoadedModel model = backend().load(List.of(one, two), counting, Optional.empty());
                LoadedModel.Outputs first = run(model, one, 1);
                LoadedModel.Outputs second = run(model, two, 1)) {
            assertThat(asked).containsExactlyInAnyOrder("w", "bias");
            assertThat(second.get("y").toFloats()).isEqualTo(first.get("y").toFloats());
        }
    }

    @Test
    default void shouldTakeNoRowsAtAll() {
        for (OperationCase operation : OperationCase.all(new Random(9))) {
            if (operation.name().equals("gather from concatenated rows")) {
                Map<String, Long> symbols = Map.of("rows", 4L, "n", 0L, "picked", 3L);
                assertAsReference(
                        operation.name(),
                        operation.program(),
                        RandomTensors.weights(1, DType.F32, List.of(operation.program())),
                        RandomTensors.inputs(new Random(1), operation.program(), symbols, 4));
            }
        }
    }

    @Test
    default void shouldReadItsOwnTensorsAndThoseOfTheHeapAlike() {
        Program program = OperationCase.all(new Random(4)).getFirst().program();
        Weights weights = RandomTensors.weights(5, DType.F32, List.of(program));
        Map<String, HostTensor> heap = RandomTensors.inputs(new Random(6), program, Map.of("rows", 3L), 1);
        HostTensor x = heap.get("x");
        try (LoadedModel model = backend().load(List.of(program), weights, Optional.empty());
                HostTensor own = backend().allocate(DType.F32, x.shape())) {
            own.bytes().copyFrom(x.bytes());
            try (LoadedModel.Outputs expected = model.run("main", heap);
                    LoadedModel.Outputs actual = model.run("main", Map.of("x", own))) {
                assertThat(actual.get("y").toFloats())
                        .isEqualTo(expected.get("y").toFloats());
            }
        }
    }

    @Test
    default void shouldKeepResultsThroughLaterRunsUntilTheyAreClosed() {
        Program program = OperationCase.all(new Random(4)).getFirst().program();
        Weights weights = RandomTensors.weights(5, DType.F32, List.of(program));
        try (LoadedModel model = backend().load(List.of(program), weights, Optional.empty());
                LoadedModel.Outputs first = run(model, program, 1)) {
            float[] before = first.get("y").toFloats();
            for (int i = 2; i < 10; i++) {
                run(model, program, i).close();
            }
            assertThat(first.get("y").toFloats()).isEqualTo(before);
        }
    }

    @Test
    default void shouldRunAModelWithoutACacheOnSeveralThreads() throws Exception {
        Program program = RandomProgram.of(new Random(3));
        Weights weights = RandomTensors.weights(3, DType.F32, List.of(program));
        try (LoadedModel model = backend().load(List.of(program), weights, Optional.empty());
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<float[]>> runs = LongStream.range(0, 16)
                    .<Callable<float[]>>mapToObj(seed -> () -> halfway(model, program, seed % 2))
                    .toList();
            float[][] expected = {halfway(model, program, 0), halfway(model, program, 1)};
            List<Future<float[]>> results = threads.invokeAll(runs, 60, TimeUnit.SECONDS);
            for (int i = 0; i < results.size(); i++) {
                Closeness.assertClose("run " + i, results.get(i).get(), expected[i % 2], tolerance());
            }
        }
    }

    private static float[] halfway(LoadedModel model, Program program, long seed) {
        Map<String, HostTensor> inputs = RandomTensors.inputs(new Random(seed), program, Map.of("groups", 2L), 1);
        try (LoadedModel.Outputs outputs = model.run(program.name(), inputs)) {
            return outputs.get("halfway").toFloats();
        }
    }

    private static LoadedModel.Outputs run(LoadedModel model, Program program, long seed) {
        return model.run(program.name(), RandomTensors.inputs(new Random(seed), program, Map.of("rows", 3L), 1));
    }

    private void assertAsReference(String what, Program program, Weights weights, Map<String, HostTensor> inputs) {
        try (Backend reference = new ReferenceBackend();
                LoadedModel actualModel = backend().load(List.of(program), weights, Optional.empty());
                LoadedModel expectedModel = reference.load(List.of(program), weights, Optional.empty());
                LoadedModel.Outputs actual = actualModel.run(program.name(), inputs);
                LoadedModel.Outputs expected = expectedModel.run(program.name(), inputs)) {
            for (String output : program.outputs().keySet()) {
                Closeness.assertClose(what, actual.get(output), expected.get(output), tolerance());
            }
        }
    }
}
