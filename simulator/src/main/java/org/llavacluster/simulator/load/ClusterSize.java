package org.llavacluster.simulator.load;

/** How many workers of each role a cluster has. */
public record ClusterSize(int visions, int projectors, int decoders) {

    /** A quarter each of vision and projector nodes, the rest decoders. */
    public static ClusterSize of(int nodes) {
        if (nodes < 3) {
            throw new IllegalArgumentException("a cluster has at least 3 nodes, not " + nodes);
        }
        int quarter = Math.max(1, nodes / 4);
        return new ClusterSize(quarter, quarter, nodes - 2 * quarter);
    }

    public int nodes() {
        return visions + projectors + decoders;
    }
}
