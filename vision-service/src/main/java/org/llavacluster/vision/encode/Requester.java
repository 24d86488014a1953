package org.llavacluster.vision.encode;

import java.util.List;

/**
 * Whose turns an image takes. Addresses take turns, the connections of an address take turns within those of the
 * address, and so on. So a caller that makes up names, or opens connections, gets no more turns for it.
 *
 * @param address address of the caller of this node, usually a gateway
 * @param connection one of the caller's connections
 * @param peer the gateway's client, as the caller names it
 * @param name one request of that client, as the caller names it
 */
public record Requester(String address, String connection, String peer, String name) {

    /** From the outermost turns to the innermost. */
    List<String> path() {
        return List.of(address, connection, peer, name);
    }
}
