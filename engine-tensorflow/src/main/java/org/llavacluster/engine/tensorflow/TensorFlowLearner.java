package org.llavacluster.engine.tensorflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Signature;
import org.llavacluster.engine.training.AdamWStep;
import org.llavacluster.engine.training.LearningModel;
import org.llavacluster.engine.training.LearningPlan;
import org.llavacluster.engine.training.LearningState;
import org.llavacluster.engine.training.StateTensors;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;

/**
 * A program, its loss and the optimiser in one graph. The gradients are TensorFlow's own. Gradients accumulate in
 * variables; the first batch of an update assigns them, the others add to them.
 */
final class TensorFlowLearner implements LearningModel {

    private final Graph graph = new Graph();
    private final Session session;
    private final LearningPlan plan;
    private final Signature signature;
    private final ProgramGraph program;
    private final Map<String, LearningVariable> variables = new LinkedHashMap<>();
    private final Output<?> targets;
    private final Output<?> factor;
    private final Output<?> losses;
    private final List<Operation> replacements = new ArrayList<>();
    private final List<Operation> additions = new ArrayList<>();
    private final Output<?> halfSquares;
    private final AdamWFeeds adamW;
    private final List<Operation> updates = new ArrayList<>();
    private boolean accumulates;

    TensorFlowLearner(LearningPlan plan, Weights weights, ConfigProto settings, long bytesPerLoadRun) {
        this.plan = plan;
        session = new Session(graph, settings);
        try {
            signature = new Signature(plan.program());
            Map<String, Op.Weight> all = weightsOf(plan);
            WeightVariables loaded = new WeightVariables(new GraphWriter(graph, "weights"), List.copyOf(all.values()));
            GraphWriter writer = new GraphWriter(graph, "program");
            program = new ProgramPlanner(
                            plan.program(),
                            writer,
                            loaded::value,
                            Optional.empty(),
                            new LowRankGraph(writer, plan.adapters(), loaded::value))
                    .plan();
            GraphWriter learning = new GraphWriter(graph, "learning");
            trainedOf(plan, all)
                    .forEach(weight -> variables.put(
                            weight.name(), new LearningVariable(learning, weight, loaded.handle(weight.name()))));

            targets = learning.placeholder(DataType.DT_INT32, -1);
            factor = learning.placeholder(DataType.DT_FLOAT);
            losses = crossEntropies(learning, program.outputs().get(plan.logits()));
            addGradients(learning, weight -> loaded.value(weight));
            halfSquares = learning.pack(variables.values().stream()
                    .<Output<?>>map(LearningVariable::halfSquares)
                    .toList());
            adamW = new AdamWFeeds(learning);
            int index = 0;
            for (LearningVariable variable : variables.values()) {
                updates.addAll(variable.update(adamW, index++));
            }
            loaded.fill(session, weights, bytesPerLoadRun);
            clear();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The program's weights and those of the adapters, by name. */
    private static Map<String, Op.Weight> weightsOf(LearningPlan plan) {
        Map<String, Op.Weight> all = new LinkedHashMap<>();
        WeightVariables.of(List.of(plan.program())).forEach(weight -> all.put(weight.name(), weight));
        plan.adapters().keySet().stream().sorted().forEach(name -> {
            Op.Weight layer = all.get(name);
            if (layer == null || layer.shape().size() != 2) {
                throw new IllegalArgumentException("no linear layer " + name + " for an adapter");
            }
            LowRankGraph.weightsOf(layer, plan.adapters().get(name)).forEach(weight -> all.put(weight.name(), weight));
        });
        return all;
    }

    private static List<Op.Weight> trainedOf(LearningPlan plan, Map<String, Op.Weight> all) {
        List<Op.Weight> trained = new ArrayList<>();
        for (String name : plan.trained()) {
            Op.Weight weight = all.get(name);
            if (weight == null) {
                throw new IllegalArgumentException(
                        "no weight " + name + " in program " + plan.program().name());
            }
            trained.add(weight);
        }
        plan.adapters().keySet().stream()
                .sorted()
                .forEach(name -> trained.addAll(
                        LowRankGraph.weightsOf(all.get(name), plan.adapters().get(name))));
        return trained;
    }

    /**
     * {@code -log softmax(logits)[target]}, {@code [targets]}. The sparse operation has no gradient in this library.
     */
    private Output<?> crossEntropies(GraphWriter writer, Output<?> logits) {
        Output<?> classes = writer.size(logits, 1);
        Output<?> expected = writer.emit("OneHot", targets, classes, writer.scalar(1f), writer.scalar(0f));
        return writer.emit("SoftmaxCrossEntropyWithLogits", logits, expected);
    }

    private void addGradients(GraphWriter writer, Function<Op.Weight, Output<?>> values) {
        List<LearningVariable> trained = List.copyOf(variables.values());
        Output<?> loss = writer.mul(writer.sum(losses), factor);
        Output<?>[] gradients = graph.addGradients(
                loss,
                trained.stream()
                        .map(variable -> values.apply(variable.weight()))
                        .toArray(Output<?>[]::new));
        for (int i = 0; i < gradients.length; i++) {
            replacements.add(trained.get(i).replaceGradient(gradients[i]));
            additions.add(trained.get(i).addGradient(gradients[i]));
        }
    }

    /** Gradients and moments start at zero: all in one run, because each kind of run costs a pass over the graph. */
    private void clear() {
        Session.Runner runner = session.runner();
        for (LearningVariable variable : variables.values()) {
            for (LearningState state :
                    List.of(LearningState.GRADIENT, LearningState.FIRST_MOMENT, LearningState.SECOND_MOMENT)) {
                runner.addTarget(variable.clear(state));
            }
        }
        runner.run().close();
    }

    @Override
    public List<String> trained() {
        return List.copyOf(variables.keySet());
    }

    @Override
    public long[] shape(String weight) {
        return variable(weight).shape();
    }

    @Override
    public float[] losses(Map<String, HostTensor> inputs, HostTensor expected) {
        return run(inputs, expected, 0, List.of());
    }

    @Override
    public float[] accumulate(Map<String, HostTensor> inputs, HostTensor expected, float times) {
        float[] result = run(inputs, expected, times, accumulates ? additions : replacements);
        accumulates = true;
        return result;
    }

    private float[] run(Map<String, HostTensor> inputs, HostTensor expected, float times, List<Operation> stores) {
        Signature.Sizes sizes = signature.bind(inputs);
        checkTargets(expected, Math.toIntExact(sizes.of(plan.classes())));
        Session.Runner runner = session.runner();
        List<NativeTensor> temporary = new ArrayList<>();
        try {
            for (Op.Input input : signature.inputs()) {
                HostTensor tensor = inputs.get(input.name());
                runner.feed(
                        program.inputs().get(input.name()),
                        NativeTensor.of(tensor, temporary).tensor());
            }
            runner.feed(targets, NativeTensor.of(expected, temporary).tensor());
            NativeTensor scale = NativeTensor.ofFloat(times);
            temporary.add(scale);
            runner.feed(factor, scale.tensor());
            stores.forEach(runner::addTarget);
            try (Result result = runner.fetch(losses).run();
                    NativeTensor fetched = NativeTensor.fetched(result.get(0))) {
                return fetched.toFloats();
            }
        } finally {
            temporary.forEach(NativeTensor::close);
        }
    }

    private void checkTargets(HostTensor expected, int classes) {
        if (expected.dtype() != DType.I32 || expected.shape().length != 1 || expected.shape()[0] < 1) {
            throw new IllegalArgumentException(
                    "targets are " + expected.dtype() + " " + Arrays.toString(expected.shape()));
        }
        for (long i = 0; i < expected.size(); i++) {
            int target = expected.bytes().getAtIndex(HostTensor.INT, i);
            if (target < 0 || target >= classes) {
                throw new IllegalArgumentException("target " + target + " at " + i + ", limit " + classes);
            }
        }
    }

    @Override
    public double gradientNorm() {
        try (Result result = session.runner().fetch(halfSquares).run();
                NativeTensor fetched = NativeTensor.fetched(result.get(0))) {
            double squares = 0;
            for (float half : fetched.toFloats()) {
                squares += 2.0 * half;
            }
            return Math.sqrt(squares);
        }
    }

    @Override
    public void update(AdamWStep step) {
        Session.Runner runner = session.runner();
        List<NativeTensor> temporary = new ArrayList<>();
        try {
            adamW.feed(runner, step, trained(), temporary);
            updates.forEach(runner::addTarget);
            runner.run().close();
            accumulates = false;
        } finally {
            temporary.forEach(NativeTensor::close);
        }
    }

    /** One run for all weights, because each kind of run costs a pass over the graph. The tensors are not copied. */
    @Override
    public StateTensors read(LearningState state) {
        Session.Runner runner = session.runner();
        variables.values().forEach(variable -> runner.fetch(variable.value(state)));
        Result result = runner.run();
        Map<String, HostTensor> tensors = new HashMap<>();
        int index = 0;
        for (String weight : variables.keySet()) {
            tensors.put(weight, NativeTensor.fetched(result.get(index++)));
        }
        return new StateTensors(tensors);
    }

    @Override
    public void write(String weight, LearningState state, HostTensor value) {
        LearningVariable variable = variable(weight);
        variable.weight().check(value.shape());
        try (NativeTensor copy = NativeTensor.temporary(DType.F32, value.shape())) {
            copy.bytes().copyFrom(value.bytes());
            write(variable, state, copy);
        }
    }

    private void write(LearningVariable variable, LearningState state, NativeTensor value) {
        session.runner()
                .feed(variable.filling(), value.tensor())
                .addTarget(variable.fill(state))
                .run()
                .close();
    }

    private LearningVariable variable(String weight) {
        LearningVariable variable = variables.get(weight);
        if (variable == null) {
            throw new IllegalArgumentException(weight + " does not learn; these do: "
                    + variables.keySet().stream().limit(8).collect(Collectors.joining(", ")));
        }
        return variable;
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
