package org.llavacluster.simulator.load;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.llavacluster.scheduling.ClusterLimits;
import org.llavacluster.scheduling.decoder.DecoderChoice;
import org.llavacluster.scheduling.decoder.PrefixIndex;
import org.llavacluster.scheduling.worker.WorkerNode;

/** One decoder after the other, what other schedulers do: to compare with. */
final class RoundRobinChoice extends DecoderChoice {

    private int next;

    RoundRobinChoice(ClusterLimits limits) {
        super(limits.decoderQueue(), limits.promptNanos());
    }

    @Override
    public Optional<Chosen> choose(
            Demand demand, List<WorkerNode> decoders, List<PrefixIndex.Match> matches, double holdNanos) {
        List<WorkerNode> ordered =
                decoders.stream().sorted(Comparator.comparing(WorkerNode::id)).toList();
        for (int i = 0; i < ordered.size(); i++) {
            WorkerNode decoder = ordered.get((next + i) % ordered.size());
            if (hasRoom(demand, decoder, 0, holdNanos)) {
                next += i + 1;
                return Optional.of(new Chosen(decoder, 0, 0));
            }
        }
        return Optional.empty();
    }
}
