package org.llavacluster.cli.command;

import picocli.CommandLine.Command;

/** Measures parts of the cluster on this machine. */
@Command(
        name = "bench",
        description = "Measure a part on this machine and print a table, or --json.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        subcommands = {
            BenchTensorCommand.class,
            BenchEngineCommand.class,
            BenchDecodeCommand.class,
            BenchVisionCommand.class,
            BenchOperationsCommand.class,
            BenchCheckpointCommand.class,
            BenchRequestCommand.class,
            BenchStreamsCommand.class,
            BenchSoakCommand.class,
            BenchOverloadCommand.class,
            BenchServeCommand.class
        })
public final class BenchCommand {}
