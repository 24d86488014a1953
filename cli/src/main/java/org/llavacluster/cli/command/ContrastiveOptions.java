package org.llavacluster.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.llavacluster.cli.CliException;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.training.run.ContrastiveSettings;
import org.llavacluster.training.run.ContrastiveTraining;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of CLIP's training. */
final class ContrastiveOptions {

    @Option(names = "--model", paramLabel = "DIR", required = true, description = "The LLaVA whose tower learns.")
    private Path model;

    @Option(
            names = "--captions",
            paramLabel = "FILE",
            required = true,
            description = "Captions of images in COCO's format.")
    private Path captions;

    @Option(names = "--images", paramLabel = "DIR", required = true, description = "The folder of their images.")
    private Path images;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The LLaVA with the trained tower, and the whole CLIP in clip/. A run that was stopped"
                    + " continues.")
    private Path out;

    @Option(names = "--rate", paramLabel = "R", description = "Highest learning rate; default ${DEFAULT-VALUE}.")
    private double rate = 5e-4;

    @Option(names = "--batch", paramLabel = "N", description = "Pairs of an update; default ${DEFAULT-VALUE}.")
    private int batch = 128;

    @Option(
            names = "--warmup-ratio",
            paramLabel = "R",
            description = "Part of the updates before the highest rate; default ${DEFAULT-VALUE}.")
    private double warmupRatio = 0.05;

    @Option(
            names = "--weight-decay",
            paramLabel = "R",
            description = "Of all but norms and biases; default ${DEFAULT-VALUE}.")
    private double decay = 0.2;

    @Option(
            names = "--text-layers",
            paramLabel = "N",
            description = "Layers of the text tower; default ${DEFAULT-VALUE}.")
    private int textLayers = 4;

    @Option(
            names = "--caption-tokens",
            paramLabel = "N",
            description = "Most tokens of a caption; default ${DEFAULT-VALUE}.")
    private int captionTokens = 64;

    @Option(names = "--seed", paramLabel = "S", description = "Of text tower and order; default ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Mixin
    private TrainingRunOptions common;

    /**
     * Runs the training, in a process with TensorFlow.
     *
     * @param arguments of this command
     */
    int run(List<String> arguments) {
        ContrastiveSettings settings = settings();
        int saveEvery = common.saveEvery();
        ModelFolder folder = ModelFolder.open(model, Optional.empty());
        return common.run(
                out, arguments, backend -> new ContrastiveTraining(folder, backend, settings, new TrainingProgress())
                        .run(captions, images, out, saveEvery));
    }

    private ContrastiveSettings settings() {
        try {
            return new ContrastiveSettings(
                    rate,
                    batch,
                    common.epochs(),
                    common.maxUpdates(),
                    warmupRatio,
                    decay,
                    common.maxNorm(),
                    textLayers,
                    captionTokens,
                    seed);
        } catch (IllegalArgumentException e) {
            throw new CliException(e.getMessage(), e);
        }
    }
}
