package org.llavacluster.cli.serve;

import java.util.OptionalInt;
import org.llavacluster.proto.v1.ChatRequest;

/**
 * One request of the mix.
 *
 * @param leaveAfter after how many tokens its client leaves, 0 for at once; empty: it stays
 */
record ServeRequest(ServeKind kind, ChatRequest chat, OptionalInt leaveAfter) {}
