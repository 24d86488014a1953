package org.llavacluster.gateway.dispatch;

import io.grpc.Channel;
import org.llavacluster.node.membership.Member;

/** The open connections to members. A call fails at once if the member cannot be reached. */
@FunctionalInterface
public interface WorkerChannels {

    Channel to(Member member);
}
