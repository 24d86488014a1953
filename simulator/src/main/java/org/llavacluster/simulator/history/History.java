package org.llavacluster.simulator.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.scheduling.ClusterLimits;
import org.llavacluster.scheduling.SchedulerLoad;

/** Everything that was seen of one run. */
public final class History {

    public final ClusterLimits limits;
    public final Map<Long, ClientRequest> requests = new LinkedHashMap<>();
    public final List<FaultRecord> faults = new ArrayList<>();

    /** Encodes of an image beside its first, and not because its node was lost. */
    public int repeatedEncodes;

    public int firstEncodes;

    /** Calls made for requests that had ended, or whose deadline was over. */
    public int uselessCalls;

    /** Tensors or prefixes of one tenant that another one was given. */
    public int sharedAcrossTenants;

    /** A token that came after the end of its request. */
    public int tokensAfterEnd;

    /** Tokens that came long after their call was given up, over links that carried everything. */
    public int tokensForNobody;

    /** What the workers still have of this gateway, at the end. */
    public int leftAtWorkers;

    /** The scheduler's own counts, at the end. */
    public SchedulerLoad load;

    /** Thrown by the scheduler; null if nothing was. */
    public RuntimeException thrown;

    /** When the last fault was healed. */
    public long healedNanos;

    public History(ClusterLimits limits) {
        this.limits = limits;
    }

    public boolean has(FaultRecord.Kind kind) {
        return faults.stream().anyMatch(fault -> fault.kind() == kind);
    }
}
