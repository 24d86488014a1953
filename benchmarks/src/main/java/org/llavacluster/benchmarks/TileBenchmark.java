package org.llavacluster.benchmarks;

import java.util.concurrent.TimeUnit;
import org.llavacluster.engine.simd.kernel.Lanes;
import org.llavacluster.engine.simd.kernel.Tile;
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

/** Rows times two vectors of columns over one slab, all in the nearest cache: what most of a prefill is made of. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class TileBenchmark {

    private static final int DEPTH = 256;

    /** More than the machine has registers for are computed with the most that it has. */
    @Param({"1", "2", "4", "8", "12"})
    private int rows;

    private final float[] x = new float[12 * DEPTH];
    private final float[] slab = new float[2 * Lanes.PANEL * DEPTH];
    private final float[] sums = new float[12 * Tile.COLUMNS];
    private int tile;

    @Setup
    public void choose() {
        tile = Tile.rowsOf(rows);
    }

    @Benchmark
    public float[] multiply(Rates rates) {
        // The second vector of columns is in the first panel where two vectors fill one.
        int second = Lanes.COUNT / Lanes.PANEL * Lanes.PANEL * DEPTH + Lanes.COUNT % Lanes.PANEL;
        Tile.multiply(tile, x, 0, slab, 0, second, Lanes.PANEL, DEPTH, sums, 0);
        rates.add(0, 2.0 * tile * Tile.COLUMNS * DEPTH);
        return sums;
    }
}
