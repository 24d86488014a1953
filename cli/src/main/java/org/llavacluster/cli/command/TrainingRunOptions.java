package org.llavacluster.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.TensorFlowProcess;
import org.llavacluster.cli.options.EngineOptions;
import org.llavacluster.cli.options.OptionRange;
import org.llavacluster.cli.options.ThreadCount;
import org.llavacluster.engine.training.TrainingBackend;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.run.DivergedException;
import picocli.CommandLine.Option;

/** The options that all trainings have, and how they run. */
final class TrainingRunOptions {

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data; default ${DEFAULT-VALUE}.")
    private int epochs = 1;

    @Option(names = "--max-updates", paramLabel = "N", description = "End after that many updates.")
    private int maxUpdates = Integer.MAX_VALUE;

    @Option(
            names = "--max-norm",
            paramLabel = "X",
            description = "Largest norm of the gradients; default ${DEFAULT-VALUE}.")
    private double maxNorm = 1;

    @Option(
            names = "--save-every",
            paramLabel = "N",
            description = "Updates between checkpoints; default ${DEFAULT-VALUE}.")
    private int saveEvery = 100;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of an operation; default: all cores.")
    private Integer threads;

    /** A training on a backend. */
    @FunctionalInterface
    interface Training {
        void run(TrainingBackend backend) throws IOException;
    }

    int epochs() {
        return epochs;
    }

    int maxUpdates() {
        return maxUpdates;
    }

    double maxNorm() {
        return maxNorm;
    }

    /** Updates between checkpoints, at least 1. */
    int saveEvery() {
        OptionRange.requireBetween("--save-every", saveEvery, 1, Integer.MAX_VALUE);
        return saveEvery;
    }

    /**
     * Runs a training, in a process with TensorFlow, and prints its folder.
     *
     * @param arguments of the whole command line, for that process
     * @return the exit code
     */
    int run(Path out, List<String> arguments, Training training) {
        if (!TensorFlowProcess.isThis()) {
            return TensorFlowProcess.train(arguments);
        }
        try (TrainingBackend backend = backend()) {
            training.run(backend);
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

    private TrainingBackend backend() {
        int used = threads == null ? Runtime.getRuntime().availableProcessors() : ThreadCount.checked(threads);
        return (TrainingBackend) EngineOptions.tensorFlow(used);
    }
}
