package org.llavacluster.node.watch;

import java.util.Optional;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.WorkerEpoch;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeState;

/**
 * A member with its last known state.
 *
 * @param description empty without a connection
 * @param state empty without a connection
 * @param epoch counts the times that this member appeared: after a start of its process, and after a silence
 * @param present whether the member has reported recently in this epoch; a connection that breaks does not end
 *     that at once
 */
public record WatchedNode(
        Member member,
        Optional<Description> description,
        Optional<NodeState> state,
        WorkerEpoch epoch,
        boolean present) {

    /** Of which nothing is known yet. */
    static WatchedNode unknown(Member member) {
        return new WatchedNode(member, Optional.empty(), Optional.empty(), new WorkerEpoch(member.id(), 0), false);
    }

    /** Connected, described, reporting and not draining. */
    public boolean serving() {
        return present && connected();
    }

    /** Connected and not draining, but nothing was heard of it for too long. */
    public boolean suspect() {
        return !present && connected();
    }

    private boolean connected() {
        return description.isPresent() && state.filter(s -> !s.getDraining()).isPresent();
    }
}
