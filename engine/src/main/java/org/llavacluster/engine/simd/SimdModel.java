package org.llavacluster.engine.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.simd.attention.KvStore;
import org.llavacluster.engine.simd.pack.HugeMemory;
import org.llavacluster.engine.simd.pack.Packing;
import org.llavacluster.engine.simd.plan.HeldWeights;
import org.llavacluster.engine.simd.plan.OutputMemory;
import org.llavacluster.engine.simd.plan.PlannedProgram;
import org.llavacluster.engine.simd.plan.SimdOutputs;
import org.llavacluster.engine.simd.plan.WeightLayout;
import org.llavacluster.engine.simd.threads.WorkerPool;

/** A loaded model: programs over packed weights. */
final class SimdModel implements LoadedModel {

    /** Memory of weights, keys and values, outside the Java heap so that the heap need not be sized for them. */
    private final Arena arena = Arena.ofShared();

    private final Map<String, PlannedProgram> programs = new LinkedHashMap<>();
    private final OutputMemory memory = new OutputMemory();
    private final LongAdder fed = new LongAdder();
    private final LongAdder fetched = new LongAdder();
    private final HugePageMigrator settling;

    /**
     * Programs that have not run yet. Moving memory starts after the first run of each, so that it does not slow down
     * warm-up.
     */
    private final Set<String> unrun = ConcurrentHashMap.newKeySet();

    SimdModel(
            List<Program> toPlan,
            Weights weights,
            Optional<KvLayout> kvLayout,
            WeightsFormat format,
            Optional<Path> cache,
            WorkerPool pool) {
        try {
            for (Program program : toPlan) {
                if (program.hasKvAttention() && kvLayout.isEmpty()) {
                    throw new IllegalArgumentException("program " + program.name() + " needs a KV cache");
                }
                kvLayout.ifPresent(l -> l.check(program));
            }
            WeightLayout layout = WeightLayout.of(toPlan, format, weights);
            MemorySegment packed = HugeMemory.allocate(arena, layout.bytes());
            PackedSource source = PackedSource.of(cache, weights, layout);
            source.fill(
                    packed,
                    pool,
                    () -> HeldWeights.fill(
                            toPlan, weights, layout, packed, (weight, matrix) -> Packing.pack(weight, matrix, pool)));
            HeldWeights held = new HeldWeights(layout, packed);
            Optional<KvStore> kv = kvLayout.map(l -> new KvStore(l, arena));
            for (Program program : toPlan) {
                programs.put(program.name(), new PlannedProgram(program, held, kv, pool));
            }
            unrun.addAll(programs.keySet());
            settling = new HugePageMigrator(
                    List.of(source::settle, stopping -> kv.ifPresent(store -> store.settle(stopping))));
        } catch (RuntimeException | Error e) {
            arena.close();
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
        PlannedProgram program = programs.get(name);
        if (program == null) {
            throw new IllegalArgumentException("there is no program " + name);
        }
        SimdOutputs outputs = program.run(inputs, step, memory);
        inputs.values().forEach(tensor -> fed.add(tensor.bytes().byteSize()));
        fetched.add(outputs.byteSize());
        if (unrun.remove(name) && unrun.isEmpty()) {
            settling.start();
        }
        return outputs;
    }

    @Override
    public Traffic traffic() {
        return new Traffic(fed.sum(), fetched.sum());
    }

    @Override
    public void close() {
        settling.close();
        arena.close();
    }
}
