package org.llavacluster.gateway.dispatch;

import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.WorkerEpoch;

/**
 * A worker that the scheduler knows.
 *
 * @param silent whether nothing is heard of it any more
 */
public record KnownWorker(Member member, WorkerEpoch epoch, String numericsId, boolean silent) {

    KnownWorker fallenSilent() {
        return new KnownWorker(member, epoch, numericsId, true);
    }
}
