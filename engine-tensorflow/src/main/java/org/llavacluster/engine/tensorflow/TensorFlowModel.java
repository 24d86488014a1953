package org.llavacluster.engine.tensorflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.Signature;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;

/** All programs of a load in one graph, run by one session. */
final class TensorFlowModel implements LoadedModel {

    private final Graph graph = new Graph();
    private final Session session;
    private final Optional<KvGraph> kv;
    private final Map<String, Planned> programs = new LinkedHashMap<>();
    private final LongAdder fed = new LongAdder();
    private final LongAdder fetched = new LongAdder();

    private record Planned(Signature signature, boolean needsStep, ProgramGraph graph) {}

    TensorFlowModel(
            List<Program> toPlan,
            Weights weights,
            Optional<KvLayout> layout,
            ConfigProto settings,
            long bytesPerLoadRun) {
        session = new Session(graph, settings);
        try {
            WeightVariables variables =
                    new WeightVariables(new GraphWriter(graph, "weights"), WeightVariables.of(toPlan));
            kv = layout.map(l -> new KvGraph(new GraphWriter(graph, "kv"), l));
            for (int i = 0; i < toPlan.size(); i++) {
                Program program = toPlan.get(i);
                layout.ifPresent(l -> l.check(program));
                GraphWriter writer = new GraphWriter(graph, "program_" + i);
                ProgramGraph planned = new ProgramPlanner(program, writer, variables::value, kv).plan();
                programs.put(program.name(), new Planned(new Signature(program), program.hasKvAttention(), planned));
            }
            variables.fill(session, weights, bytesPerLoadRun);
            kv.ifPresent(cache -> cache.fill(session));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public Outputs run(String program, Map<String, HostTensor> inputs) {
        return run(program, inputs, Optional.empty());
    }

    @Override
    public Outputs run(String program, Map<String, HostTensor> inputs, KvStep step) {
        return run(program, inputs, Optional.of(step));
    }

    private Outputs run(String name, Map<String, HostTensor> inputs, Optional<KvStep> step) {
        Planned program = programs.get(name);
        if (program == null) {
            throw new IllegalArgumentException("there is no program " + name);
        }
        if (program.needsStep() != step.isPresent()) {
            throw new IllegalArgumentException(
                    "program " + name + (step.isPresent() ? " has no KV attention" : " needs a KV step"));
        }
        Signature.Sizes sizes = program.signature().bind(inputs);
        if (step.isPresent()) {
            program.signature().checkRows(step.get().rows(), sizes);
            kv.orElseThrow().layout().check(step.get());
        }
        Session.Runner runner = session.runner();
        List<NativeTensor> temporary = new ArrayList<>();
        try {
            feed(runner, program, inputs, temporary);
            step.ifPresent(s -> feed(runner, kv.orElseThrow(), s, temporary));
            program.graph().stores().forEach(runner::addTarget);
            List<String> names = List.copyOf(program.graph().outputs().keySet());
            names.forEach(output -> runner.fetch(program.graph().outputs().get(output)));
            TensorFlowOutputs outputs = new TensorFlowOutputs(names, runner.run());
            fetched.add(outputs.byteSize());
            return outputs;
        } finally {
            temporary.forEach(NativeTensor::close);
        }
    }

    private void feed(
            Session.Runner runner, Planned program, Map<String, HostTensor> inputs, List<NativeTensor> temporary) {
        for (Op.Input input : program.signature().inputs()) {
            HostTensor tensor = inputs.get(input.name());
            runner.feed(
                    program.graph().inputs().get(input.name()),
                    NativeTensor.of(tensor, temporary).tensor());
            fed.add(tensor.bytes().byteSize());
        }
    }

    private void feed(Session.Runner runner, KvGraph cache, KvStep step, List<NativeTensor> temporary) {
        int before = temporary.size();
        cache.feeds().feed(runner, new KvTiles(cache.layout(), step), temporary);
        for (NativeTensor tensor : temporary.subList(before, temporary.size())) {
            fed.add(tensor.bytes().byteSize());
        }
    }

    @Override
    public Traffic traffic() {
        return new Traffic(fed.sum(), fetched.sum());
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
