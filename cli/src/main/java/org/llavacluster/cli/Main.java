package org.llavacluster.cli;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.llavacluster.cli.bench.VectorProcess;
import org.llavacluster.cli.command.ArchiveCommand;
import org.llavacluster.cli.command.AskCommand;
import org.llavacluster.cli.command.BenchCommand;
import org.llavacluster.cli.command.ChatCommand;
import org.llavacluster.cli.command.ConvertCommand;
import org.llavacluster.cli.command.DataCommand;
import org.llavacluster.cli.command.DeltaCommand;
import org.llavacluster.cli.command.EvalCommand;
import org.llavacluster.cli.command.InspectCommand;
import org.llavacluster.cli.command.RenderCommand;
import org.llavacluster.cli.command.TrainCommand;
import org.llavacluster.cli.command.UpCommand;
import org.llavacluster.cli.completion.CompletionCommand;
import org.llavacluster.cli.simulate.SimulateCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code llava} command. Exit codes: 0 success, 1 failure, 2 wrong usage. Each failure is one line on stderr. */
@Command(
        name = "llava",
        description = "LLaVA served as a cluster: vision, projector and decoder nodes behind a gateway.",
        mixinStandardHelpOptions = true,
        version = "llava 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AskCommand.class,
            ChatCommand.class,
            UpCommand.class,
            InspectCommand.class,
            RenderCommand.class,
            DataCommand.class,
            TrainCommand.class,
            DeltaCommand.class,
            ConvertCommand.class,
            EvalCommand.class,
            BenchCommand.class,
            SimulateCommand.class,
            ArchiveCommand.class,
            CompletionCommand.class
        })
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        // Libraries with an enabled debug level do its work even if nothing is printed.
        Logger.getLogger("").setLevel(Level.WARNING);
        System.exit(execute(args));
    }

    /** The whole command line with all commands. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            // Ctrl-C takes away the processes and connections that a command still works with.
            if (!isStopping()) {
                FailureLine.print(e);
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        line.setParameterExceptionHandler((e, arguments) -> {
            System.err.println("llava: " + UsageLine.of(e));
            return CommandLine.ExitCode.USAGE;
        });
        line.setExecutionStrategy(parsed -> isLong(parsed) && VectorProcess.isNeeded()
                ? VectorProcess.run(parsed.originalArgs())
                : new CommandLine.RunLast().execute(parsed));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    /** Whether it computes for so long that the optimising compiler pays. */
    private static boolean isLong(CommandLine.ParseResult parsed) {
        if (!parsed.hasSubcommand()) {
            return false;
        }
        Object command = parsed.subcommand().commandSpec().userObject();
        return command instanceof SimulateCommand
                || command instanceof BenchCommand && parsed.subcommand().hasSubcommand();
    }

    static int execute(String... args) {
        CommandLine line = commandLine();
        if (args.length == 0) {
            line.usage(System.err);
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(args);
    }

    private static boolean isStopping() {
        Thread probe = new Thread();
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
