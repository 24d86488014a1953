package org.llavacluster.model.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.program.Program;

/** Measures every operation on two backends, with the same cases one right after the other. */
public final class OperationBench {

    private static final long WARM_UP_NANOS = 400_000_000;
    private static final long MEASURE_NANOS = 600_000_000;
    private static final int LEAST_ROUNDS = 7;
    private static final int MOST_ROUNDS = 2000;

    private OperationBench() {}

    /**
     * @param simd seconds per operation on the SIMD backend
     * @param other seconds per operation on the other backend
     */
    public record Figure(String operation, String shape, int rows, WeightsFormat weights, double simd, double other) {}

    /**
     * @param weights weight format of the SIMD backend; operations without weights are the same in each format
     * @param onlyLinear leaves out operations without weights
     */
    public static List<Figure> run(Backend simd, WeightsFormat weights, Backend other, boolean onlyLinear) {
        List<OperationBenchCase> cases = new ArrayList<>(OperationBenchCases.linear());
        if (!onlyLinear) {
            cases.addAll(OperationBenchCases.others());
        }
        List<Figure> figures = new ArrayList<>();
        for (OperationBenchCase one : cases) {
            figures.add(new Figure(
                    one.operation(), one.shape(), one.rows(), weights, seconds(simd, one), seconds(other, one)));
        }
        return figures;
    }

    /** Median with the operation minus median without it, divided by the repeats. */
    private static double seconds(Backend backend, OperationBenchCase one) {
        List<Program> programs = List.of(one.without(), one.with());
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        one.inputs().forEach((name, tensor) -> {
            HostTensor own = backend.allocate(tensor.dtype(), tensor.shape());
            own.bytes().copyFrom(tensor.bytes());
            inputs.put(name, own);
        });
        try (LoadedModel model = backend.load(
                programs, new RandomWeights(programs), one.cache().map(OperationBenchCase.Cache::layout))) {
            Runnable without =
                    () -> model.run(OperationBenchCase.WITHOUT, inputs).close();
            Runnable with = () -> one.cache()
                    .map(cache -> model.run(OperationBenchCase.WITH, inputs, cache.step()))
                    .orElseGet(() -> model.run(OperationBenchCase.WITH, inputs))
                    .close();
            rounds(without, with, WARM_UP_NANOS);
            List<double[]> rounds = rounds(without, with, MEASURE_NANOS);
            return Math.max(0, median(rounds, 1) - median(rounds, 0)) / one.repeats();
        } finally {
            inputs.values().forEach(HostTensor::close);
        }
    }

    /** Seconds without and with the operation in turn, so that a slow phase of the machine affects both. */
    private static List<double[]> rounds(Runnable without, Runnable with, long nanos) {
        List<double[]> rounds = new ArrayList<>();
        long begin = System.nanoTime();
        while (rounds.size() < LEAST_ROUNDS || System.nanoTime() - begin < nanos && rounds.size() < MOST_ROUNDS) {
            long start = System.nanoTime();
            without.run();
            long middle = System.nanoTime();
            with.run();
            long end = System.nanoTime();
            rounds.add(new double[] {(middle - start) * 1e-9, (end - middle) * 1e-9});
        }
        return rounds;
    }

    private static double median(List<double[]> rounds, int of) {
        double[] seconds = rounds.stream().mapToDouble(round -> round[of]).toArray();
        Arrays.sort(seconds);
        return seconds[seconds.length / 2];
    }
}
