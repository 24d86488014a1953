package org.llavacluster.cli.command;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.llavacluster.cli.cluster.LocalCluster;
import org.llavacluster.cli.options.ClusterOptions;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import org.llavacluster.cli.options.GatewayOptions;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.cli.terminal.StopSignals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a cluster on this machine until it is stopped. */
@Command(
        name = "up",
        description = {
            "Run the cluster on this machine until stopped; prints 'ready grpc=HOST:PORT http=URL' when it serves.",
            "Ctrl-C or SIGTERM stops it: running requests get 30 s to end, and the exit code is 0. A second one stops"
                    + " at once with exit code 130."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class UpCommand implements Callable<Integer> {

    private static final Duration DRAIN = Duration.ofSeconds(30);

    @Mixin
    private ModelOptions model;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private GatewayOptions gateway;

    @Override
    public Integer call() {
        Progress progress = Progress.toStderr();
        ClusterSize size = gateway.applyTo(cluster.size());
        StopSignals signals = StopSignals.install(() -> progress.note(
                "Stopping; running requests have " + DRAIN.toSeconds() + " s to end. Ctrl-C again stops at once."));
        Runnable check = LocalModel.check(model, size, progress);
        try (LocalCluster local = LocalCluster.start(model, check, size, DRAIN, progress)) {
            System.out.println("ready grpc=" + local.grpc() + " http=" + local.http());
            String reason = local.awaitGivenUp();
            if (signals.stopping()) {
                return 0;
            }
            progress.note("llava: " + reason + ": the cluster is stopped");
            return 1;
        }
    }
}
