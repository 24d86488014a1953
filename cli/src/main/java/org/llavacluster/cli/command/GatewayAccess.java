package org.llavacluster.cli.command;

import java.time.Duration;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.client.GatewayFinder;
import org.llavacluster.cli.client.TargetAddress;
import org.llavacluster.cli.cluster.LocalCluster;
import org.llavacluster.cli.options.ClusterOptions;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.cli.terminal.Progress;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A gateway for a command: the one at {@code --target}, or that of a local cluster that lives as long as the command.
 */
final class GatewayAccess {

    /** Short, because no client waits for requests after the command. */
    private static final Duration DRAIN = Duration.ofSeconds(1);

    @Option(
            names = "--target",
            paramLabel = "ADDRESS",
            description =
                    "A running gateway: HOST:PORT of its gRPC API or URL of its HTTP API, as 'llava up' prints them.")
    private String target;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ClusterOptions cluster;

    Connection connect() {
        if (target != null) {
            return new Connection(GatewayFinder.connect(TargetAddress.parse(target)), null);
        }
        Progress progress = Progress.toStderr();
        ClusterSize size = cluster.size();
        Runnable check = LocalModel.check(model, size, progress);
        LocalCluster local = LocalCluster.start(model, check, size, DRAIN, progress);
        return new Connection(new GatewayClient(local.grpc()), local);
    }

    /**
     * @param local null if the gateway is not the command's own
     */
    record Connection(GatewayClient client, LocalCluster local) implements AutoCloseable {

        @Override
        public void close() {
            client.close();
            if (local != null) {
                local.close();
            }
        }
    }
}
