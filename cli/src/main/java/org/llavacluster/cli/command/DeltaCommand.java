package org.llavacluster.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.training.delta.DeltaDirection;
import org.llavacluster.training.delta.DeltaWeights;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes and applies delta weights, as the first LLaVAs were published. */
@Command(
        name = "delta",
        description = "Make the delta weights of a model, or turn a delta into a model.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DeltaCommand.Make.class, DeltaCommand.Apply.class})
public final class DeltaCommand {

    /** {@code llava delta make}. */
    @Command(
            name = "make",
            description = "Write a model minus its base, in half precision.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Make implements Callable<Integer> {

        @Option(
                names = "--base",
                paramLabel = "DIR",
                required = true,
                description = "The LLaMA that it was trained on.")
        private Path base;

        @Option(names = "--target", paramLabel = "DIR", required = true, description = "The trained LLaVA.")
        private Path target;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                required = true,
                description = "Where the delta goes: absent or empty.")
        private Path out;

        @Override
        public Integer call() {
            return FolderOutput.write(
                    out, Progress.toStderr(), new DeltaWeights(base, target, DeltaDirection.MAKE)::write);
        }
    }

    /** {@code llava delta apply}. */
    @Command(
            name = "apply",
            description = "Write a delta plus its base, in half precision: the model.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Apply implements Callable<Integer> {

        @Option(names = "--base", paramLabel = "DIR", required = true, description = "The LLaMA that it was made with.")
        private Path base;

        @Option(names = "--delta", paramLabel = "DIR", required = true, description = "The delta.")
        private Path delta;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                required = true,
                description = "Where the model goes: absent or empty.")
        private Path out;

        @Override
        public Integer call() {
            return FolderOutput.write(
                    out, Progress.toStderr(), new DeltaWeights(base, delta, DeltaDirection.APPLY)::write);
        }
    }
}
