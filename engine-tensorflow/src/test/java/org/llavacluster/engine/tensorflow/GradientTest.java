package org.llavacluster.engine.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.contract.OperationCase;
import org.llavacluster.engine.contract.RandomTensors;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.reference.ReferenceBackend;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;

/**
 * Training runs on the same programs: whatever they are made of, except KV attention, has a gradient, and it is right.
 * The loss is {@code sum(y * probe)} with a random probe; finite differences are taken of the reference backend.
 */
class GradientTest {

    private static final long SEED = 11;
    private static final float STEP = 1e-2f;

    static {
        Natives.load();
    }

    static Stream<OperationCase> operations() {
        return OperationCase.all(new Random(SEED)).stream();
    }

    @Test
    void shouldCoverEveryOperationButKvAttention() {
        Set<Class<?>> covered = operations()
                .flatMap(operation -> operation.program().ops().stream())
                .map(Object::getClass)
                .collect(Collectors.toSet());
        Set<Class<?>> all = new HashSet<>(Arrays.asList(Op.class.getPermittedSubclasses()));
        all.remove(Op.KvAttention.class);
        assertThat(covered).isEqualTo(all);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void shouldDifferentiate(OperationCase operation) {
        Program program = operation.program();
        Random random = new Random(SEED);
        Map<String, HostTensor> weights = weights(program);
        Map<String, HostTensor> inputs =
                RandomTensors.inputs(random, program, operation.symbols(), operation.indexLimit());
        HostTensor y = run(program, weights, inputs);
        HostTensor probe = RandomTensors.floats(random, 1, y.shape());

        Map<String, HostTensor> variables = new LinkedHashMap<>(weights);
        inputs.forEach((name, tensor) -> {
            if (tensor.dtype() == DType.F32) {
                variables.put(name, tensor);
            }
        });
        assertThat(variables).isNotEmpty();
        Map<String, float[]> gradients = gradients(program, weights, inputs, probe, variables.keySet());
        variables.forEach((name, tensor) -> {
            double scale = 0.1 + largest(gradients.get(name));
            for (int element : random.ints(16, 0, (int) tensor.size()).toArray()) {
                double expected = (loss(program, weights, inputs, probe, name, element, STEP)
                                - loss(program, weights, inputs, probe, name, element, -STEP))
                        / (2 * STEP);
                assertThat(gradients.get(name)[element])
                        .as("%s, seed %s: d loss / d %s[%s]", operation, SEED, name, element)
                        .isCloseTo((float) expected, within((float) (2e-3 * scale)));
            }
        });
    }

    /** The gradients of the loss by TensorFlow, by the names of the variables. */
    private static Map<String, float[]> gradients(
            Program program,
            Map<String, HostTensor> weights,
            Map<String, HostTensor> inputs,
            HostTensor probe,
            Set<String> variables) {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            GraphWriter writer = new GraphWriter(graph, "loss");
            Map<String, Output<?>> placeholders = new HashMap<>();
            weights.forEach(
                    (name, tensor) -> placeholders.put(name, writer.placeholder(DataType.DT_FLOAT, tensor.shape())));
            ProgramGraph planned = ProgramGraph.plan(graph, "program", program, placeholders);
            placeholders.putAll(planned.inputs());
            Output<?> weighted = writer.mul(
                    planned.outputs().get("y"), writer.reshape(writer.floats(probe.toFloats()), ints(probe.shape())));
            Output<?> loss = writer.emit("Sum", writer.reshape(weighted, -1), writer.ints(0));
            List<String> names = List.copyOf(variables);
            Output<?>[] gradients = graph.addGradients(
                    loss, names.stream().map(placeholders::get).toArray(Output<?>[]::new));
            Session.Runner runner = session.runner();
            Stream.of(weights, inputs)
                    .flatMap(map -> map.entrySet().stream())
                    .forEach(entry -> runner.feed(
                            placeholders.get(entry.getKey()),
                            nativeCopy(entry.getValue()).tensor()));
            for (Output<?> gradient : gradients) {
                runner.fetch(gradient);
            }
            Map<String, float[]> values = new HashMap<>();
            try (Result result = runner.run()) {
                for (int i = 0; i < names.size(); i++) {
                    values.put(names.get(i), NativeTensor.fetched(result.get(i)).toFloats());
                }
            }
            return values;
        }
    }

    private static NativeTensor nativeCopy(HostTensor tensor) {
        NativeTensor copy = NativeTensor.allocate(tensor.dtype(), tensor.shape());
        copy.bytes().copyFrom(tensor.bytes());
        return copy;
    }

    private static double loss(
            Program program,
            Map<String, HostTensor> weights,
            Map<String, HostTensor> inputs,
            HostTensor probe,
            String variable,
            int element,
            float step) {
        Map<String, HostTensor> movedWeights = new HashMap<>(weights);
        Map<String, HostTensor> movedInputs = new HashMap<>(inputs);
        movedWeights.computeIfPresent(variable, (name, tensor) -> moved(tensor, element, step));
        movedInputs.computeIfPresent(variable, (name, tensor) -> moved(tensor, element, step));
        HostTensor y = run(program, movedWeights, movedInputs);
        double loss = 0;
        for (int i = 0; i < y.size(); i++) {
            loss += (double) y.floatAt(i) * probe.floatAt(i);
        }
        return loss;
    }

    private static HostTensor moved(HostTensor tensor, int element, float step) {
        float[] values = tensor.toFloats();
        values[element] += step;
        return HostTensor.ofFloats(values, tensor.shape());
    }

    private static HostTensor run(Program program, Map<String, HostTensor> weights, Map<String, HostTensor> inputs) {
        Weights source = name -> {
            HostTensor tensor = weights.get(name);
            return new Weights.Weight(name, DType.F32, tensor.shape(), tensor.bytes());
        };
        try (Backend reference = new ReferenceBackend();
                LoadedModel model = reference.load(List.of(program), source, Optional.empty());
                LoadedModel.Outputs outputs = model.run(program.name(), inputs)) {
            return outputs.get("y");
        }
    }

    private static Map<String, HostTensor> weights(Program program) {
        Weights source = RandomTensors.weights(SEED, DType.F32, List.of(program));
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        for (Op op : program.ops()) {
            if (op instanceof Op.Weight weight) {
                Weights.Weight stored = source.get(weight.name());
                HostTensor tensor = HostTensor.heap(DType.F32, stored.shape());
                tensor.bytes().copyFrom(stored.bytes());
                weights.put(weight.name(), tensor);
            }
        }
        return weights;
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static int[] ints(long[] shape) {
        return Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
    }
}
