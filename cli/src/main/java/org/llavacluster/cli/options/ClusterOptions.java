package org.llavacluster.cli.options;

import picocli.CommandLine.Option;

/** The number of processes of a local cluster and the addresses of its gateway. */
public final class ClusterOptions {

    @Option(names = "--visions", paramLabel = "N", description = "Vision nodes; default ${DEFAULT-VALUE}.")
    private int visions = 1;

    @Option(names = "--projectors", paramLabel = "N", description = "Projector nodes; default ${DEFAULT-VALUE}.")
    private int projectors = 1;

    @Option(names = "--decoders", paramLabel = "N", description = "Decoder nodes; default ${DEFAULT-VALUE}.")
    private int decoders = 1;

    @Option(
            names = "--grpc-port",
            paramLabel = "P",
            description = "The gateway's gRPC port; 0 is any free one; default ${DEFAULT-VALUE}.")
    private int grpcPort;

    @Option(
            names = "--http-port",
            paramLabel = "P",
            description = "The gateway's HTTP port; 0 is any free one; default ${DEFAULT-VALUE}.")
    private int httpPort;

    /** The checked choices. */
    public ClusterSize size() {
        return new ClusterSize(visions, projectors, decoders, GatewaySettings.loopback(grpcPort, httpPort));
    }

    /** The number of workers of each role, and their gateway. */
    public record ClusterSize(int visions, int projectors, int decoders, GatewaySettings gateway) {

        private static final int MAX_NODES = 64;

        public ClusterSize {
            OptionRange.requireBetween("--visions", visions, 1, MAX_NODES);
            OptionRange.requireBetween("--projectors", projectors, 1, MAX_NODES);
            OptionRange.requireBetween("--decoders", decoders, 1, MAX_NODES);
        }

        /** The same workers behind another gateway. */
        public ClusterSize with(GatewaySettings other) {
            return new ClusterSize(visions, projectors, decoders, other);
        }
    }
}
