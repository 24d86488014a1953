package org.llavacluster.cli.endpoint;

/**
 * A reply of a language model.
 *
 * @param tokens of prompt and reply, as the endpoint counts them; estimated from the texts' lengths if it does not
 * @param complete false if the reply was cut at its limit of tokens or by a filter
 */
public record EndpointReply(String text, long tokens, boolean complete) {}
