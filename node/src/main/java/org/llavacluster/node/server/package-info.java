/**
 * A process of the cluster: its start, its gRPC server with the interceptors of every call, and its end. Start at
 * {@code NodeProcess}.
 */
package org.llavacluster.node.server;
