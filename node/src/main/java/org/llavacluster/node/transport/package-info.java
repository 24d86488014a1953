/**
 * What a gRPC server lets a peer do before a handler sees its call: connections, frames, calls that arrive, the bytes
 * of their messages, and messages that cannot be read.
 */
package org.llavacluster.node.transport;
