package org.llavacluster.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.TensorFlowProcess;
import org.llavacluster.cli.options.EngineOptions;
import org.llavacluster.cli.options.OptionRange;
import org.llavacluster.cli.options.ThreadCount;
import org.llavacluster.engine.training.TrainingBackend;
import org.llavacluster.text.config.ModelFolder;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.run.ContrastiveSettings;
import org.llavacluster.training.run.ContrastiveTraining;
import org.llavacluster.training.run.DivergedException;
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

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the images; default ${DEFAULT-VALUE}.")
    private int epochs = 1;

    @Option(names = "--max-updates", paramLabel = "N", description = "End after that many updates.")
    private int maxUpdates = Integer.MAX_VALUE;

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
            names = "--max-norm",
            paramLabel = "X",
            description = "Largest norm of the gradients; default ${DEFAULT-VALUE}.")
    private double maxNorm = 1;

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

    @Option(
            names = "--save-every",
            paramLabel = "N",
            description = "Updates between checkpoints; default ${DEFAULT-VALUE}.")
    private int saveEvery = 100;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of an operation; default: all cores.")
    private Integer threads;

    /**
     * Runs the training, in a process with TensorFlow.
     *
     * @param arguments of this command
     */
    int run(List<String> arguments) {
        ContrastiveSettings settings = settings();
        OptionRange.requireBetween("--save-every", saveEvery, 1, Integer.MAX_VALUE);
        ModelFolder folder = ModelFolder.open(model, Optional.empty());
        if (!TensorFlowProcess.isThis()) {
            return TensorFlowProcess.run(arguments);
        }
        int used = threads == null ? Runtime.getRuntime().availableProcessors() : ThreadCount.checked(threads);
        try (TrainingBackend backend = (TrainingBackend) EngineOptions.tensorFlow(used)) {
            new ContrastiveTraining(folder, backend, settings, new TrainingProgress())
                    .run(captions, images, out, saveEvery);
        } catch (TrainingDataException e) {
            throw new CliException(e.getMessage(), e);
        } catch (DivergedException e) {
            throw new CliException(e.getMessage() + "; " + out + " keeps the last checkpoint: try a lower --rate", e);
        } catch (IOException e) {
            throw new CliException(out + ": cannot be written: " + e.getMessage(), e);
        }
        System.out.println(out);
        return 0;
    }

    private ContrastiveSettings settings() {
        try {
            return new ContrastiveSettings(
                    rate, batch, epochs, maxUpdates, warmupRatio, decay, maxNorm, textLayers, captionTokens, seed);
        } catch (IllegalArgumentException e) {
            throw new CliException(e.getMessage(), e);
        }
    }
}
