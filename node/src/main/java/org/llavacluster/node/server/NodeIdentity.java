package org.llavacluster.node.server;

import java.security.SecureRandom;
import org.llavacluster.node.config.NodeConfiguration;

/**
 * The identity of a process in the cluster.
 *
 * @param id unique in the cluster
 * @param role as in the ready line: vision, projector, decoder or gateway
 * @param epoch differs for each start of the process
 */
public record NodeIdentity(String id, String role, long epoch) {

    public NodeIdentity {
        if (!NodeConfiguration.isId(id)) {
            throw new IllegalArgumentException("node id '" + id + "'");
        }
    }

    /** The identity of a process that is starting. */
    public static NodeIdentity starting(String id, String role) {
        return new NodeIdentity(id, role, new SecureRandom().nextLong(1, Long.MAX_VALUE));
    }
}
