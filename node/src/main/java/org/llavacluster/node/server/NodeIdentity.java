package org.llavacluster.node.server;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * Which process of the cluster this is.
 *
 * @param id unique in the cluster
 * @param role as the ready line has it: vision, projector, decoder or gateway
 * @param epoch differs for each start of the process
 */
public record NodeIdentity(String id, String role, long epoch) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

    public NodeIdentity {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "node id must have 1 to 63 letters, digits, '.', '_' or '-', not '" + id + "'");
        }
    }

    /** The identity of a process that starts now. */
    public static NodeIdentity starting(String id, String role) {
        return new NodeIdentity(id, role, new SecureRandom().nextLong(1, Long.MAX_VALUE));
    }
}
