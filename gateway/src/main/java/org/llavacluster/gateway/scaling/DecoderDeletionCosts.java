package org.llavacluster.gateway.scaling;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.llavacluster.kubernetes.cost.PodDeletionCosts;
import org.llavacluster.node.watch.WatchedNode;

/** Passes the live work of each decoder on as its pod's deletion cost. A decoder's id is the name of its pod. */
final class DecoderDeletionCosts implements Runnable {

    private final Supplier<List<WatchedNode>> decoders;
    private final PodDeletionCosts costs;

    DecoderDeletionCosts(Supplier<List<WatchedNode>> decoders, PodDeletionCosts costs) {
        this.decoders = decoders;
        this.costs = costs;
    }

    @Override
    public void run() {
        Map<String, Integer> work = new HashMap<>();
        for (WatchedNode decoder : decoders.get()) {
            if (decoder.serving()) {
                decoder.state()
                        .ifPresent(state -> work.put(decoder.member().id(), state.getRunning() + state.getWaiting()));
            }
        }
        costs.update(work);
    }
}
