package org.llavacluster.engine.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.llavacluster.engine.simd.kernel.Lanes;
import org.llavacluster.engine.simd.pack.HugeMemory;

/**
 * The measured limits of a machine. Take them in the same run as the figures that are compared with them.
 *
 * @param threads threads that were measured together
 * @param lanes floats in a vector
 * @param gigaflops 10^9 float32 operations per second in fused multiply-adds on registers, two for each
 * @param gigabytes 10^9 bytes per second read from memory
 */
public record Ceilings(int threads, int lanes, double gigaflops, double gigabytes) {

    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final int ROUNDS = 7;
    private static final int STEPS = 4_000_000;
    /** Bytes read by all threads: larger than the shared caches of a large server. */
    private static final long BYTES = 1L << 30;

    private static final long PIECE = 4096;

    /** Chains that hide the latency of a fused multiply-add. */
    private static final int CHAINS = 10;

    /** Measures for about a second. A ceiling is the best of several rounds, not the average. */
    public static Ceilings measure(int threads) {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads);
                Arena arena = Arena.ofShared()) {
            double flops = 2.0 * CHAINS * FLOATS.length() * STEPS * threads;
            double peak = best(pool, threads, () -> chains(STEPS), flops);
            // Written once, since untouched pages would all map to one page of zeros.
            MemorySegment memory = HugeMemory.allocate(arena, BYTES).fill((byte) 1);
            long each = BYTES / threads / PIECE * PIECE;
            List<DoubleSupplier> readers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                MemorySegment part = memory.asSlice(i * each, each);
                readers.add(() -> sum(part));
            }
            double read = best(pool, readers, (double) each * threads);
            return new Ceilings(threads, FLOATS.length(), peak, read);
        }
    }

    private static double best(ExecutorService pool, int threads, DoubleSupplier work, double amount) {
        List<DoubleSupplier> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(work);
        }
        return best(pool, all, amount);
    }

    /** The most of {@code amount} per nanosecond. */
    private static double best(ExecutorService pool, List<DoubleSupplier> work, double amount) {
        List<Callable<Double>> calls = new ArrayList<>();
        work.forEach(one -> calls.add(one::getAsDouble));
        double best = 0;
        double sink = 0;
        try {
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                for (Future<Double> result : pool.invokeAll(calls)) {
                    sink += result.get();
                }
                best = Math.max(best, amount / (System.nanoTime() - start));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("measuring failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
        // The results must be used, or the compiler removes the work.
        return Double.isNaN(sink) ? 0 : best;
    }

    private static double chains(int steps) {
        FloatVector factor = FloatVector.broadcast(FLOATS, 0.999f);
        FloatVector summand = FloatVector.broadcast(FLOATS, 0.001f);
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        FloatVector e = a;
        FloatVector f = a;
        FloatVector g = a;
        FloatVector h = a;
        FloatVector i = a;
        FloatVector j = a;
        for (int step = 0; step < steps; step++) {
            a = a.fma(factor, summand);
            b = b.fma(factor, summand);
            c = c.fma(factor, summand);
            d = d.fma(factor, summand);
            e = e.fma(factor, summand);
            f = f.fma(factor, summand);
            g = g.fma(factor, summand);
            h = h.fma(factor, summand);
            i = i.fma(factor, summand);
            j = j.fma(factor, summand);
        }
        FloatVector sum =
                a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j);
        return sum.reduceLanes(VectorOperators.ADD);
    }

    private static double sum(MemorySegment memory) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        long width = FLOATS.vectorByteSize();
        for (long at = 0; at < memory.byteSize(); at += 4 * width) {
            a = a.add(FloatVector.fromMemorySegment(FLOATS, memory, at, ByteOrder.LITTLE_ENDIAN));
            b = b.add(FloatVector.fromMemorySegment(FLOATS, memory, at + width, ByteOrder.LITTLE_ENDIAN));
            c = c.add(FloatVector.fromMemorySegment(FLOATS, memory, at + 2 * width, ByteOrder.LITTLE_ENDIAN));
            d = d.add(FloatVector.fromMemorySegment(FLOATS, memory, at + 3 * width, ByteOrder.LITTLE_ENDIAN));
        }
        return a.add(b).add(c).add(d).reduceLanes(VectorOperators.ADD);
    }
}
