/**
 * What a gRPC server allows a peer before a handler sees its call: connections, frames, arriving calls, the bytes of
 * their messages, and unreadable messages. Start at {@code ReceivedRequests} and {@code PeerConnections}.
 */
package org.llavacluster.node.transport;
