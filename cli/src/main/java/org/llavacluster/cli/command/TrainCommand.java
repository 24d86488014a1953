package org.llavacluster.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.llavacluster.training.run.TrainingStage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** LLaVA's two training stages. */
@Command(
        name = "train",
        description = "Train a model: the projector on captions, then projector and decoder on conversations.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TrainCommand.Projector.class, TrainCommand.Instruct.class})
public final class TrainCommand {

    /** {@code llava train projector}. */
    @Command(
            name = "projector",
            description = "Stage 1: align image features with the decoder. Only the projector learns, from captions.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Projector implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private TrainingOptions options;

        @Override
        public Integer call() {
            return options.run(TrainingStage.PROJECTOR, arguments(spec));
        }
    }

    /** {@code llava train instruct}. */
    @Command(
            name = "instruct",
            description = "Stage 2: tune projector and decoder on conversations.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Instruct implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private TrainingOptions options;

        @Override
        public Integer call() {
            return options.run(TrainingStage.INSTRUCT, arguments(spec));
        }
    }

    /** Of the whole command line, for the process that runs it. */
    private static List<String> arguments(CommandSpec spec) {
        return spec.root().commandLine().getParseResult().originalArgs();
    }
}
