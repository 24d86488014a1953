package org.llavacluster.cli.command;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.llavacluster.cli.cluster.LocalCluster;
import org.llavacluster.cli.options.ClusterOptions;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.cli.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a cluster on loopback until it is stopped. */
@Command(
        name = "up",
        description =
                "Run the cluster on loopback until stopped; prints 'ready grpc=HOST:PORT http=URL' when it serves.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class UpCommand implements Callable<Integer> {

    private static final Duration DRAIN = Duration.ofSeconds(30);

    @Mixin
    private ModelOptions model;

    @Mixin
    private ClusterOptions cluster;

    @Override
    public Integer call() {
        Progress progress = Progress.toStderr();
        ClusterSize size = cluster.size();
        Runnable check = LocalModel.check(model, size, progress);
        try (LocalCluster local = LocalCluster.start(model, check, size, DRAIN, progress)) {
            System.out.println("ready grpc=" + local.grpc() + " http=" + local.http());
            int status = local.awaitGateway();
            progress.note("gateway-0 ended with status " + status + ": stopping the cluster");
            return 1;
        }
    }
}
