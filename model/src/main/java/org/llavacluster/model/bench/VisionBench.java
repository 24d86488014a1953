package org.llavacluster.model.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.bench.Ceilings;
import org.llavacluster.engine.bench.Timing;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.projector.ProjectorProgram;
import org.llavacluster.model.vision.VisionProgram;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ProjectorConfig;
import org.llavacluster.modelio.config.VisionConfig;

/** Measures CLIP ViT-L/14-336 with the MLP projector, with random weights, on images of one tile. */
public final class VisionBench {

    /** The name on the command line. */
    public static final String SHAPE = "clip-vit-l-336";

    static final VisionConfig VISION = new VisionConfig(
            1024, 4096, 24, 16, 3, 336, 14, 1e-5f, VisionConfig.Activation.QUICK_GELU, List.of(23), false);

    private VisionBench() {}

    /**
     * @param seconds median for all tiles
     * @param ofFlops fraction of the machine's peak, counting two operations per matrix parameter and row
     */
    public record Figure(String what, int tiles, double seconds, double tilesPerSecond, double ofFlops) {}

    /**
     * Measures CLIP, then the projector.
     *
     * @param hidden columns of the embeddings
     */
    public static List<Figure> run(Backend backend, int tiles, int hidden, Ceilings ceilings) {
        Program vision = VisionProgram.trace(VISION);
        int rows = tiles * VISION.rowsPerTile();
        Program projector = ProjectorProgram.trace(
                new ProjectorConfig(ProjectorConfig.Kind.MLP2X_GELU, VISION.features(), hidden, true), Merge.FLAT);
        HostTensor pixels =
                HostTensor.heap(DType.F32, tiles, VISION.channels(), VISION.imageSize(), VISION.imageSize());
        HostTensor features = HostTensor.heap(DType.F32, rows, VISION.features());
        HostTensor order = HostTensor.heap(DType.I32, rows);
        return List.of(
                figure(backend, "vision", vision, Map.of(VisionProgram.PIXELS, pixels), tiles, rows + tiles, ceilings),
                figure(
                        backend,
                        "projector",
                        projector,
                        Map.of(ProjectorProgram.FEATURES, features, ProjectorProgram.ROW_ORDER, order),
                        tiles,
                        rows,
                        ceilings));
    }

    private static Figure figure(
            Backend backend,
            String what,
            Program program,
            Map<String, HostTensor> inputs,
            int tiles,
            int rows,
            Ceilings ceilings) {
        long parameters = 0;
        for (Op op : program.ops()) {
            if (op instanceof Op.Linear linear) {
                parameters += linear.weight().shape().getFirst().factor()
                        * linear.weight().columns();
            }
        }
        List<Program> programs = List.of(program);
        try (LoadedModel model = backend.load(programs, new RandomWeights(programs), Optional.empty())) {
            double seconds =
                    Timing.median(2, 3, () -> model.run(program.name(), inputs).close());
            double gigaflops = 2e-9 * parameters * rows / seconds;
            return new Figure(what, tiles, seconds, tiles / seconds, gigaflops / ceilings.gigaflops());
        }
    }
}
