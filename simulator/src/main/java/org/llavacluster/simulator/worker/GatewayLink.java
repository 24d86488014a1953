package org.llavacluster.simulator.worker;

import java.util.List;
import org.llavacluster.scheduling.ClusterEvent;

/** What reaches the gateway of a worker's words. */
public interface GatewayLink {

    void tell(ClusterEvent event);

    /** Tokens of an answer, one after the other. */
    void tokens(long id, int attempt, int firstIndex, List<Long> tokens);
}
