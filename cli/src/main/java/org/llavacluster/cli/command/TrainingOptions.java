package org.llavacluster.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.llavacluster.cli.CliException;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.training.data.TrainingTemplate;
import org.llavacluster.training.run.FineTuning;
import org.llavacluster.training.run.FineTuningSettings;
import org.llavacluster.training.run.TrainingStage;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of trainings over conversations. Where one is not given, the stage decides. */
final class TrainingOptions {

    @Option(names = "--model", paramLabel = "DIR", required = true, description = "The LLaVA that learns.")
    private Path model;

    @Option(
            names = "--vision-tower",
            paramLabel = "DIR",
            description = "The CLIP folder of a model in the original layout.")
    private Path visionTower;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            required = true,
            description = "Conversations as JSON, as published for LLaVA.")
    private Path data;

    @Option(names = "--images", paramLabel = "DIR", description = "The folder of their images; llama needs none.")
    private Path images;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description =
                    "The trained model, with the state of the run in training/. A run that was stopped continues.")
    private Path out;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "v1, plain, v0 or text; default text for llama, plain for caption and projector, else v1.")
    private TrainingTemplate template;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Highest learning rate; default 1e-3 for projector, else 2e-5.")
    private Double rate;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Samples of an update; default 256 for projector, 128 for instruct, else 64.")
    private Integer batch;

    @Option(
            names = "--together",
            paramLabel = "N",
            description = "Samples computed together, which decides the memory; --batch is a multiple of it. Default"
                    + " ${DEFAULT-VALUE}.")
    private int together = 8;

    @Option(
            names = "--warmup-ratio",
            paramLabel = "R",
            description = "Part of the updates before the highest rate; default ${DEFAULT-VALUE}.")
    private double warmupRatio = 0.03;

    @Option(
            names = "--weight-decay",
            paramLabel = "R",
            description = "Of all but norms and biases; default ${DEFAULT-VALUE}.")
    private double decay;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "Most tokens of a sample, an image's rows among them; default ${DEFAULT-VALUE}.")
    private int maxLength = 2048;

    @Option(names = "--shuffle-only", description = "Do not group samples of one modality and similar lengths.")
    private boolean shuffleOnly;

    @Option(names = "--seed", paramLabel = "S", description = "Of the order of samples; default ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--strict", description = "Refuse the data if a single record cannot be learned from.")
    private boolean strict;

    @Mixin
    private TrainingRunOptions common;

    /**
     * Runs a stage, in a process with TensorFlow.
     *
     * @param arguments of this command
     */
    int run(TrainingStage stage, List<String> arguments) {
        FineTuningSettings settings = settings(stage);
        if (stage.usesImages() && images == null) {
            throw new CliException("--images is missing: the folder of the images that --data names");
        }
        int saveEvery = common.saveEvery();
        ModelFolder folder = ModelFolder.open(model, Optional.ofNullable(visionTower));
        return common.run(out, arguments, backend -> new FineTuning(folder, backend, settings, new TrainingProgress())
                .run(data, images, out, strict, saveEvery));
    }

    private FineTuningSettings settings(TrainingStage stage) {
        try {
            return new FineTuningSettings(
                    stage,
                    template == null ? stage.template() : template,
                    rate == null ? stage.rate() : rate,
                    batch == null ? stage.batch() : batch,
                    together,
                    common.epochs(),
                    common.maxUpdates(),
                    warmupRatio,
                    decay,
                    common.maxNorm(),
                    maxLength,
                    !shuffleOnly,
                    seed);
        } catch (IllegalArgumentException e) {
            throw new CliException(e.getMessage(), e);
        }
    }
}
