package org.llavacluster.gateway.pipeline;

import io.grpc.Channel;
import org.llavacluster.node.membership.Member;

/** The open connection to a member. A call on it fails at once where the member is not there. */
@FunctionalInterface
public interface WorkerChannels {

    Channel to(Member member);
}
