package org.llavacluster.benchmarks;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.simd.attention.CachedAttention;
import org.llavacluster.engine.simd.attention.HeadShape;
import org.llavacluster.engine.simd.attention.KvStore;
import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.WorkerPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Attention of one layer of LLaMA 1.1B, 32 heads over 4 KV heads of 64, through its cache: one row of an answer, or a
 * whole prompt.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class AttentionBenchmark {

    private static final HeadShape SHAPE = new HeadShape(32, 4, 64);
    private static final int BLOCK = 16;

    /** How K and V are stored. */
    @Param({"F32", "BF16", "F16"})
    private DType kv;

    /** Positions of the sequence, the last row's included. */
    @Param({"576", "2048"})
    private int context;

    private final Arena arena = Arena.ofShared();
    private final WorkerPool pool = new WorkerPool(1);
    private final Scratch scratch = new Scratch();
    private CachedAttention attention;
    private float[] q;
    private float[] k;
    private float[] v;
    private float[] y;
    private KvStep prompt;
    private KvStep row;

    @Setup
    public void fill() {
        int blocks = context / BLOCK;
        int[] table = IntStream.range(0, blocks).toArray();
        KvLayout layout = new KvLayout(1, SHAPE.kvHeads(), SHAPE.headDim(), blocks, BLOCK, kv);
        attention = new CachedAttention(new KvStore(layout, arena), 0, SHAPE);
        q = random(context * SHAPE.heads() * SHAPE.headDim());
        k = random(context * SHAPE.kvHeads() * SHAPE.headDim());
        v = random(context * SHAPE.kvHeads() * SHAPE.headDim());
        y = new float[q.length];
        prompt = new KvStep(List.of(new KvStep.Part(0, context, table)));
        row = new KvStep(List.of(new KvStep.Part(context - 1, 1, table)));
        attention.run(q, k, v, y, prompt, pool, scratch);
    }

    @TearDown
    public void free() {
        pool.close();
        arena.close();
    }

    @Benchmark
    public float[] oneRow(Rates rates) {
        attention.run(q, k, v, y, row, pool, scratch);
        rates.add(2.0 * context * SHAPE.kvHeads() * SHAPE.headDim() * kv.bytes(), operations(context));
        return y;
    }

    @Benchmark
    public float[] prompt(Rates rates) {
        attention.run(q, k, v, y, prompt, pool, scratch);
        rates.add(0, operations(context * (context + 1.0) / 2));
        return y;
    }

    /** Of q k^T and of the product with v, for so many pairs of a query's and a key's position. */
    private static double operations(double pairs) {
        return 4 * pairs * SHAPE.heads() * SHAPE.headDim();
    }

    private static float[] random(int count) {
        Random random = new Random(1);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }
}
