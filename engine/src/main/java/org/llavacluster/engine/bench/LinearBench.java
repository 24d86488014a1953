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

    private LinearBench() {}

    /** [rows, depth] times a weight [columns, depth]. */
    public record Size(int rows, int columns, int depth) {}

    /**
     * Sizes of several models: CLIP, prefill of the 1.1B and 7B decoders, decoding of several sequences and of one.
     *
     * @param batch number of sequences that decode together
     */
    public static List<Size> mixed(int batch) {
        return List.of(
                new Size(576, 4096, 1024),
                new Size(576, 1024, 4096),
                new Size(576, 5632, 2048),
                new Size(576, 2048, 5632),
                new Size(batch, 5632, 2048),
                new Size(batch, 11008, 4096),
                new Size(1, 5632, 2048),
                new Size(1, 11008, 4096));
    }

    /**
     * One size.
     *
     * @param seconds median of a run
     * @param ofFlops fraction of the machine's peak
     * @param ofBytes fraction of its read bandwidth at which the weights were read
     */
    public record Figure(
            WeightsFormat weights,
            Size size,
            double seconds,
            double gigaflops,
            double ofFlops,
            double gigabytes,
            double ofBytes) {}

    /** @param weights how the backend holds them */
    public static List<Figure> run(Backend backend, WeightsFormat weights, List<Size> sizes, Ceilings ceilings) {
        List<Figure> figures = new ArrayList<>();
        for (Size size : sizes) {
            double seconds = seconds(backend, size.rows(), size.columns(), size.depth());
            double gigaflops = 2e-9 * size.rows() * size.columns() * size.depth() / seconds;
            double gigabytes = 1e-9 * weights.bytes(size.columns(), size.depth()) / seconds;
            figures.add(new Figure(
                    weights,
                    size,
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

    /** Only one row leaves the backend: inside a model, layers pass their results on within it. */
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
