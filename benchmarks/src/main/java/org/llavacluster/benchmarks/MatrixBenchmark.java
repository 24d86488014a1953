package org.llavacluster.benchmarks;

import java.lang.foreign.Arena;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.simd.kernel.Gemv;
import org.llavacluster.engine.simd.kernel.Lanes;
import org.llavacluster.engine.simd.pack.HugeMemory;
import org.llavacluster.engine.simd.pack.PackedMatrix;
import org.llavacluster.engine.simd.pack.Packing;
import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.WorkerPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * One weight of LLaMA 1.1B's MLP [5632, 2048], read from end to end: from memory in f32, in smaller formats partly from
 * caches.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class MatrixBenchmark {

    private static final int COLUMNS = 5632;
    private static final int DEPTH = 2048;
    private static final int FEW_COLUMNS = 2 * Lanes.PANEL;

    /** What a decoder computes of a prompt in one piece. */
    private static final int MANY = 288;

    @Param
    private WeightsFormat format;

    private final Arena arena = Arena.ofShared();
    private PackedMatrix matrix;
    private double bytes;
    private final Scratch scratch = new Scratch();
    private float[] x;
    private float[] y;
    private int few;

    @Setup(Level.Trial)
    public void pack() {
        Random random = new Random(1);
        HostTensor values = HostTensor.heap(DType.F32, COLUMNS, DEPTH);
        for (long i = 0; i < values.size(); i++) {
            values.bytes().setAtIndex(HostTensor.FLOAT, i, random.nextFloat() - 0.5f);
        }
        matrix = PackedMatrix.over(
                format, COLUMNS, DEPTH, HugeMemory.allocate(arena, PackedMatrix.bytes(format, COLUMNS, DEPTH)));
        try (WorkerPool pool = new WorkerPool(1)) {
            Packing.pack(new Weights.Weight("w", DType.F32, values.shape(), values.bytes()), matrix, pool);
        }
        bytes = format.bytes(COLUMNS, DEPTH);
        few = matrix.fewRows();
        x = new float[MANY * matrix.rowFloats()];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextFloat() - 0.5f;
        }
        y = new float[MANY * Math.max(Gemv.COLUMNS, PackedMatrix.MANY_COLUMNS)];
    }

    @TearDown(Level.Trial)
    public void free() {
        arena.close();
    }

    /** One row times the weight. */
    @Benchmark
    public float[] oneRow(Rates rates) {
        for (int column = 0; column < COLUMNS; column += Gemv.COLUMNS) {
            matrix.multiply(x, column, y, 0);
        }
        rates.add(bytes, 2.0 * COLUMNS * DEPTH);
        return y;
    }

    /** As many rows as the format's kernel for a few takes; one where it has none. */
    @Benchmark
    public float[] fewRows(Rates rates) {
        if (few == 1) {
            return oneRow(rates);
        }
        for (int column = 0; column < COLUMNS; column += FEW_COLUMNS) {
            matrix.multiplyFew(few, x, column, FEW_COLUMNS, y, 0, scratch);
        }
        rates.add(bytes, 2.0 * few * COLUMNS * DEPTH);
        return y;
    }

    /** As many rows as a long prompt gives a piece of work. */
    @Benchmark
    public float[] manyRows(Rates rates) {
        for (int column = 0; column < COLUMNS; column += PackedMatrix.MANY_COLUMNS) {
            matrix.multiplyMany(x, 0, MANY, column, y, scratch);
        }
        rates.add(bytes, 2.0 * MANY * COLUMNS * DEPTH);
        return y;
    }
}
