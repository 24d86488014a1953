package org.llavacluster.engine.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;

/** Linear layers of the sizes that CLIP and LLaMA have, on any backend. */
public final class LinearBench {

    /** {rows, columns, depth}: CLIP's and the 1.1B and 7B decoders' prefill; eight sequences; one. */
    private static final int[][] SIZES = {
        {576, 4096, 1024},
        {576, 1024, 4096},
        {576, 5632, 2048},
        {576, 2048, 5632},
        {8, 5632, 2048},
        {8, 11008, 4096},
        {1, 5632, 2048},
        {1, 11008, 4096}
    };

    private LinearBench() {}

    /**
     * One size.
     *
     * @param seconds median of a run
     * @param ofFlops fraction of the machine's peak
     * @param ofBytes fraction of its read bandwidth at which the weights were read
     */
    public record Figure(
            WeightsFormat weights,
            int rows,
            int columns,
            int depth,
            double seconds,
            double gigaflops,
            double ofFlops,
            double gigabytes,
            double ofBytes) {}

    /** @param weights how the backend holds them */
    public static List<Figure> run(Backend backend, WeightsFormat weights, Ceilings ceilings) {
        List<Figure> figures = new ArrayList<>();
        for (int[] size : SIZES) {
            double seconds = seconds(backend, size[0], size[1], size[2]);
            double gigaflops = 2e-9 * size[0] * size[1] * size[2] / seconds;
            double gigabytes = 1e-9 * weights.bytes(size[1], size[2]) / seconds;
            figures.add(new Figure(
                    weights,
                    size[0],
                    size[1],
                    size[2],
                    seconds,
                    gigaflops,
                    gigaflops / ceilings.gigaflops(),
                    gigabytes,
                    gigabytes / ceilings.gigabytes()));
        }
        return figures;
    }

    private static double seconds(Backend backend, int rows, int columns, int depth) {
        Random random = new Random(1);
        HostTensor weight = floats(random, columns, depth);
        HostTensor x = floats(random, rows, depth);
        HostTensor picked = HostTensor.ofInts(new int[] {0}, 1);
        Weights weights = name -> new Weights.Weight(name, DType.F32, weight.shape(), weight.bytes());
        int runs = Math.clamp((int) (4e9 / rows / columns / depth), 5, 200);
        try (LoadedModel model = backend.load(List.of(program(columns, depth)), weights, Optional.empty())) {
            Map<String, HostTensor> inputs = Map.of("x", x, "picked", picked);
            return Timing.median(runs, runs, () -> model.run("linear", inputs).close());
        }
    }

    /** Only one row leaves the backend: layers of a model hand theirs on inside of it. */
    private static Program program(int columns, int depth) {
        ProgramBuilder b = new ProgramBuilder("linear");
        Value x = b.input("x", DType.F32, Dim.of("rows"), Dim.of(depth));
        Value y = b.linear(x, b.weight("w", columns, depth), null);
        b.output("y", b.gatherRows(y, b.input("picked", DType.I32, Dim.of("n"))));
        return b.build();
    }

    private static HostTensor floats(Random random, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return HostTensor.ofFloats(values, rows, columns);
    }
}
