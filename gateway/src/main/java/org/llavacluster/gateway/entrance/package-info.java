/**
 * The HTTP port below Vert.x: which connections are accepted, the rules for the head of a request and its time, and the
 * limit of HTTP/2 frames without content. Violations are answered in JSON, closed and counted, and never reach Vert.x
 * or the log. Start at {@code EntranceTransport}.
 */
package org.llavacluster.gateway.entrance;
