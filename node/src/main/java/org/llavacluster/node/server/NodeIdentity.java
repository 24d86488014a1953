package org.llavacluster.node.server;

import java.security.SecureRandom;
import org.llavacluster.node.config.NodeConfiguration;

/**
 * Which process of the cluster this is.
 *
 * @param id unique in the cluster
 * @param role as the ready line has it: vision, projector, decoder or gateway
 * @param epoch differs for each start of the process
 */
public record NodeIdentity(String id, String role, long epoch) {

    public NodeIdentity {
        if (!NodeConfiguration.isId(id)) {
            throw new IllegalArgumentException("node id '" + id + "'");
        }
    }

    /** The identity of a process that starts now. */
    public static NodeIdentity starting(String id, String role) {
        return new NodeIdentity(id, role, new SecureRandom().nextLong(1, Long.MAX_VALUE));
    }
}
