package org.llavacluster.benchmarks;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.llavacluster.engine.simd.kernel.Activations;
import org.llavacluster.engine.simd.kernel.Norms;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What is done to one row, element by element: CLIP's hidden size, LLaMA 1.1B's, and its MLP's. Gigabytes are those
 * that are read.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class RowBenchmark {

    private static final float EPS = 1e-5f;

    @Param({"1024", "2048", "5632"})
    private int columns;

    private float[] x;
    private float[] scale;
    private float[] shift;
    private float[] y;
    private final float[] partial = new float[16];

    @Setup
    public void fill() {
        x = new float[columns];
        for (int i = 0; i < columns; i++) {
            x[i] = i % 17 - 8;
        }
        scale = new float[columns];
        Arrays.fill(scale, 1);
        shift = new float[columns];
        y = new float[columns];
    }

    @Benchmark
    public float[] rmsNorm(Rates rates) {
        Norms.rms(x, 0, columns, scale, EPS, y, 0, partial);
        rates.add(4.0 * columns, 4.0 * columns);
        return y;
    }

    @Benchmark
    public float[] layerNorm(Rates rates) {
        Norms.layer(x, 0, columns, scale, shift, EPS, y, 0, partial);
        rates.add(4.0 * columns, 8.0 * columns);
        return y;
    }

    @Benchmark
    public float[] siluGate(Rates rates) {
        Activations.siluGate(x, 0, scale, 0, y, 0, columns);
        rates.add(8.0 * columns, 0);
        return y;
    }

    @Benchmark
    public float[] quickGelu(Rates rates) {
        Activations.quickGelu(x, 0, y, 0, columns);
        rates.add(4.0 * columns, 0);
        return y;
    }

    @Benchmark
    public float[] gelu(Rates rates) {
        Activations.gelu(x, 0, y, 0, columns);
        rates.add(4.0 * columns, 0);
        return y;
    }
}
