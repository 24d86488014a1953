package org.llavacluster.node.failure;

import org.llavacluster.node.metrics.RefusalReason;

/**
 * A request or call that is refused.
 *
 * @param reason under which it is counted
 * @param failure that its caller sees
 */
public record Refusal(RefusalReason reason, Failure failure) {}
