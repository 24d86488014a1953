package org.llavacluster.scheduling.image;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.worker.WorkerNode;

/**
 * Highest-random-weight hashing with bounded load: a key goes to the node on which its hash weighs most, among those
 * whose work is at most {@code slack} times the mean. Repeats of a key thus find its tensor where it was made, every
 * gateway finds the same node without agreeing on anything, a node that comes or goes moves only its own keys, and a
 * key that everybody wants cannot bury its node.
 *
 * <p>Thaler and Ravishankar, "Using Name-Based Mappings to Increase Hit Rates" (1998); Mirrokni, Thorup and
 * Zadimoghaddam, "Consistent Hashing with Bounded Loads" (2018).
 */
public final class BoundedRendezvous {

    private final double slack;

    /** @param slack at least 1, such as 1.25 */
    public BoundedRendezvous(double slack) {
        if (!(slack >= 1)) {
            throw new IllegalArgumentException("a slack of " + slack + " is below 1");
        }
        this.slack = slack;
    }

    /**
     * @param work that the key brings
     * @param avoided ids that are chosen only if there are no others
     * @return empty if there are no nodes
     */
    public Optional<WorkerNode> choose(ContentDigest key, long work, List<WorkerNode> nodes, Set<String> avoided) {
        long total = work;
        for (WorkerNode node : nodes) {
            total += node.allWork();
        }
        // A node without work is never too loaded, however large the key's work is beside the mean.
        long bound = (long) Math.ceil(slack * total / Math.max(1, nodes.size()));
        WorkerNode best = null;
        boolean bestFits = false;
        long bestWeight = 0;
        for (WorkerNode node : nodes) {
            boolean fits = !avoided.contains(node.id()) && (node.allWork() == 0 || node.allWork() + work <= bound);
            long weight = key.mix(node.salt());
            if (best == null || (fits && !bestFits) || (fits == bestFits && weight > bestWeight)) {
                best = node;
                bestFits = fits;
                bestWeight = weight;
            }
        }
        return bestFits ? Optional.of(best) : leastAvoided(key, nodes, avoided);
    }

    /** All that are under the bound are avoided: one that is over it is better than one that failed this key. */
    private static Optional<WorkerNode> leastAvoided(ContentDigest key, List<WorkerNode> nodes, Set<String> avoided) {
        return nodes.stream().min((a, b) -> {
            int order = Boolean.compare(avoided.contains(a.id()), avoided.contains(b.id()));
            return order != 0 ? order : Long.compare(key.mix(b.salt()), key.mix(a.salt()));
        });
    }
}
