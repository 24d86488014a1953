package org.llavacluster.node.channel;

import io.grpc.ManagedChannel;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.Membership;

/** One long-lived connection per member. Those of members that are gone are closed. */
public final class ChannelPool implements AutoCloseable {

    public ChannelPool(Membership membership) {
        throw new UnsupportedOperationException(membership.toString());
    }

    /** The channel to a member; a {@code FailureException} with Unavailable where the cluster has none of that id. */
    public ManagedChannel channel(String id) {
        throw new UnsupportedOperationException(id);
    }

    public ManagedChannel channel(Member member) {
        throw new UnsupportedOperationException(member.id());
    }

    @Override
    public void close() {}
}
