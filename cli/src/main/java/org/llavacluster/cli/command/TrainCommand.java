package org.llavacluster.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.llavacluster.training.run.TrainingStage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** LLaVA's two training stages, and those that make a small model from nothing. */
@Command(
        name = "train",
        description = "Train a model. LLaVA's own stages are projector and instruct; the others make the model that"
                + " they start from.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            TrainCommand.Projector.class,
            TrainCommand.Instruct.class,
            TrainCommand.Fresh.class,
            TrainCommand.Llama.class,
            TrainCommand.Clip.class,
            TrainCommand.Caption.class
        })
public final class TrainCommand {

    /** {@code llava train projector}. */
    @Command(
            name = "projector",
            description = "Stage 1: align image features with the decoder. Only the projector learns, from captions.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Projector extends StageCommand {
        public Projector() {
            super(TrainingStage.PROJECTOR);
        }
    }

    /** {@code llava train instruct}. */
    @Command(
            name = "instruct",
            description = "Stage 2: tune projector and decoder on conversations.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Instruct extends StageCommand {
        public Instruct() {
            super(TrainingStage.INSTRUCT);
        }
    }

    /** {@code llava train fresh}. */
    @Command(
            name = "fresh",
            description = "Make a model that has learned nothing: a tokenizer of the texts, and random weights.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Fresh implements Callable<Integer> {

        @Mixin
        private FreshModelOptions options;

        @Override
        public Integer call() {
            return options.run();
        }
    }

    /** {@code llava train llama}. */
    @Command(
            name = "llama",
            description = "Teach the decoder the language of conversations, without their images.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Llama extends StageCommand {
        public Llama() {
            super(TrainingStage.LLAMA);
        }
    }

    /** {@code llava train clip}. */
    @Command(
            name = "clip",
            description = "Train the vision tower by contrast: each image has to find its caption.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Clip implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private ContrastiveOptions options;

        @Override
        public Integer call() {
            return options.run(arguments(spec));
        }
    }

    /** {@code llava train caption}. */
    @Command(
            name = "caption",
            description = "Train all parts on captions, so that the vision tower learns to see what they name.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Caption extends StageCommand {
        public Caption() {
            super(TrainingStage.CAPTION);
        }
    }

    /** Runs a stage over conversations. */
    private abstract static class StageCommand implements Callable<Integer> {

        private final TrainingStage stage;

        @Spec
        private CommandSpec spec;

        @Mixin
        private TrainingOptions options;

        StageCommand(TrainingStage stage) {
            this.stage = stage;
        }

        @Override
        public Integer call() {
            return options.run(stage, arguments(spec));
        }
    }

    /** Of the whole command line, for the process that runs it. */
    private static List<String> arguments(CommandSpec spec) {
        return spec.root().commandLine().getParseResult().originalArgs();
    }
}
