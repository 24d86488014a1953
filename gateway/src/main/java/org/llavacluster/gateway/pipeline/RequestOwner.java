package org.llavacluster.gateway.pipeline;

/**
 * For whom a request is done.
 *
 * @param peer address of the caller
 * @param tenant empty for the only one
 */
public record RequestOwner(String peer, String tenant) {}
