package org.llavacluster.engine.simd.plan;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.Signature;
import org.llavacluster.engine.program.Value;
import org.llavacluster.engine.simd.attention.KvStore;
import org.llavacluster.engine.simd.threads.WorkerPool;

/** A program ready to run. Each thread that runs it has its own steps and buffers, which later runs reuse. */
public final class PlannedProgram {

    private final Program program;
    private final Signature signature;
    private final HeldWeights weights;
    private final Optional<KvStore> kv;
    private final WorkerPool pool;
    private final Queue<Instance> idle = new ConcurrentLinkedQueue<>();

    private record Instance(Planner.Plan plan, ProgramRun run) {}

    public PlannedProgram(Program program, HeldWeights weights, Optional<KvStore> kv, WorkerPool pool) {
        this.program = program;
        this.signature = new Signature(program);
        this.weights = weights;
        this.kv = kv;
        this.pool = pool;
        idle.add(instance());
    }

    /**
     * Runs the program.
     *
     * @throws IllegalArgumentException if inputs or step do not fit; nothing has run then
     */
    public SimdOutputs run(Map<String, HostTensor> inputs, Optional<KvStep> step, OutputMemory memory) {
        if (program.hasKvAttention() != step.isPresent()) {
            throw new IllegalArgumentException(
                    "program " + program.name() + (step.isPresent() ? " has no KV attention" : " needs a KV step"));
        }
        Signature.Sizes sizes = signature.bind(inputs);
        step.ifPresent(rows -> {
            signature.checkRows(rows.rows(), sizes);
            kv.orElseThrow().layout().check(rows);
        });
        Instance instance = idle.poll();
        if (instance == null) {
            instance = instance();
        }
        try {
            instance.run().begin(sizes, step);
            feed(instance, inputs);
            for (PlannedStep next : instance.plan().steps()) {
                next.run(instance.run());
            }
            return fetch(instance, memory);
        } finally {
            idle.add(instance);
        }
    }

    private Instance instance() {
        Planner.Plan plan = new Planner(program, weights, kv).plan();
        return new Instance(
                plan, new ProgramRun(pool, plan.buffers(), program.values().size()));
    }

    /** Copies the inputs: they are small compared with what is computed from them, and kernels read arrays only. */
    private void feed(Instance instance, Map<String, HostTensor> inputs) {
        ProgramRun run = instance.run();
        for (int i = 0; i < program.ops().size(); i++) {
            if (program.ops().get(i) instanceof Op.Input input) {
                Value value = program.values().get(i);
                MemorySegment bytes = inputs.get(input.name()).bytes();
                int elements = run.elements(value);
                if (input.dtype() == DType.I32) {
                    MemorySegment.copy(bytes, HostTensor.INT, 0, run.roomForInts(value, elements), 0, elements);
                } else {
                    float[] to = run.room(instance.plan().inputs().get(input.name()), elements);
                    MemorySegment.copy(bytes, HostTensor.FLOAT, 0, to, 0, elements);
                }
            }
        }
    }

    private SimdOutputs fetch(Instance instance, OutputMemory memory) {
        ProgramRun run = instance.run();
        Map<String, OutputMemory.Block> blocks = new LinkedHashMap<>();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        program.outputs().forEach((name, value) -> {
            int elements = run.elements(value);
            OutputMemory.Block block = memory.take((long) elements * Float.BYTES);
            float[] from = run.get(instance.plan().outputs().get(name));
            MemorySegment.copy(from, 0, block.bytes(), HostTensor.FLOAT, 0, elements);
            blocks.put(name, block);
            shapes.put(name, run.shape(value));
        });
        return new SimdOutputs(blocks, shapes, memory);
    }
}
