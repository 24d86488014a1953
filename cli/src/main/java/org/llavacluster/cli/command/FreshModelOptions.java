package org.llavacluster.cli.command;

import java.nio.file.Path;
import java.util.List;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.engine.DType;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.foundation.FreshModel;
import org.llavacluster.training.foundation.ModelShape;
import picocli.CommandLine.Option;

/** The options of a model that is made anew. */
final class FreshModelOptions {

    @Option(
            names = "--texts",
            paramLabel = "FILE",
            required = true,
            description = "Conversations whose words the tokenizer learns; may be repeated.")
    private List<Path> texts;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where the model goes: absent or empty.")
    private Path out;

    @Option(names = "--vocabulary", paramLabel = "N", description = "Most tokens; default ${DEFAULT-VALUE}.")
    private int vocabulary = 2048;

    @Option(names = "--image", paramLabel = "N", description = "Side of an image in pixels; default ${DEFAULT-VALUE}.")
    private int image = 112;

    @Option(names = "--patch", paramLabel = "N", description = "Side of a patch in pixels; default ${DEFAULT-VALUE}.")
    private int patch = 14;

    @Option(
            names = "--vision-width",
            paramLabel = "N",
            description = "Columns of the vision tower; default ${DEFAULT-VALUE}.")
    private int visionWidth = 256;

    @Option(
            names = "--vision-layers",
            paramLabel = "N",
            description = "Layers of the vision tower; default ${DEFAULT-VALUE}.")
    private int visionLayers = 6;

    @Option(
            names = "--vision-heads",
            paramLabel = "N",
            description = "Heads of the vision tower; default ${DEFAULT-VALUE}.")
    private int visionHeads = 8;

    @Option(
            names = "--feature-layer",
            paramLabel = "N",
            description = "Layer whose output is projected, from the end; default ${DEFAULT-VALUE}.")
    private int featureLayer = -1;

    @Option(names = "--width", paramLabel = "N", description = "Columns of the decoder; default ${DEFAULT-VALUE}.")
    private int width = 256;

    @Option(names = "--layers", paramLabel = "N", description = "Layers of the decoder; default ${DEFAULT-VALUE}.")
    private int layers = 6;

    @Option(names = "--heads", paramLabel = "N", description = "Heads of the decoder; default ${DEFAULT-VALUE}.")
    private int heads = 8;

    @Option(
            names = "--intermediate",
            paramLabel = "N",
            description = "Columns within the decoder's MLP; default ${DEFAULT-VALUE}.")
    private int intermediate = 704;

    @Option(
            names = "--positions",
            paramLabel = "N",
            description = "Most tokens of a conversation, image included; default ${DEFAULT-VALUE}.")
    private int positions = 512;

    @Option(names = "--dtype", paramLabel = "TYPE", description = "f32, f16 or bf16; default ${DEFAULT-VALUE}.")
    private DType dtype = DType.F32;

    @Option(names = "--seed", paramLabel = "S", description = "Of the weights; default ${DEFAULT-VALUE}.")
    private long seed = 1;

    /** Writes the model. */
    int run() {
        try {
            ModelShape shape = new ModelShape(
                    vocabulary,
                    image,
                    patch,
                    visionWidth,
                    visionLayers,
                    visionHeads,
                    featureLayer,
                    width,
                    layers,
                    heads,
                    intermediate,
                    positions);
            FreshModel fresh = new FreshModel(shape, dtype, seed);
            return FolderOutput.write(out, Progress.toStderr(), (folder, _) -> fresh.write(texts, folder));
        } catch (TrainingDataException | IllegalArgumentException e) {
            throw new CliException(e.getMessage(), e);
        }
    }
}
