package org.llavacluster.scheduling.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.worker.WorkerNode;
import org.llavacluster.scheduling.worker.WorkerRole;
import org.llavacluster.scheduling.worker.Workers;

class BoundedRendezvousTest {

    private static final int NODES = 20;

    private final BoundedRendezvous rendezvous = new BoundedRendezvous(1.25);
    private final Random random = new Random(7);
    private final List<WorkerNode> nodes = new ArrayList<>();

    BoundedRendezvousTest() {
        for (int i = 0; i < NODES; i++) {
            nodes.add(Workers.node(Workers.report(WorkerRole.VISION, "vision-" + i, 1)));
        }
    }

    private ContentDigest key() {
        return new ContentDigest(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    private String choose(ContentDigest key, List<WorkerNode> among, Set<String> avoided) {
        return rendezvous.choose(key, 1, among, avoided).orElseThrow().id();
    }

    @Test
    void shouldSpreadKeysAndMoveOnlyThoseOfANodeThatGoes() {
        Map<String, Integer> shares = new HashMap<>();
        List<WorkerNode> fewer = nodes.subList(1, NODES);
        for (int i = 0; i < 20_000; i++) {
            ContentDigest key = key();
            String chosen = choose(key, nodes, Set.of());
            shares.merge(chosen, 1, Integer::sum);
            assertThat(choose(key, nodes.reversed(), Set.of())).isEqualTo(chosen);
            if (!chosen.equals("vision-0")) {
                assertThat(choose(key, fewer, Set.of())).isEqualTo(chosen);
            }
        }
        assertThat(shares.values()).hasSize(NODES).allMatch(share -> share > 800 && share < 1_200);
    }

    @Test
    void shouldKeepEveryNodeNearTheMeanWhateverTheKeys() {
        ContentDigest hot = key();
        for (int i = 0; i < 2_000; i++) {
            rendezvous.choose(hot, 1, nodes, Set.of()).orElseThrow().take(1, 0);
        }
        long most = nodes.stream()
                .max(Comparator.comparingLong(WorkerNode::work))
                .orElseThrow()
                .work();
        assertThat(most).isLessThanOrEqualTo((long) Math.ceil(1.25 * 2_000 / NODES));
    }

    @Test
    void shouldAvoidNodesThatFailedAKeyWhileOthersAreThere() {
        ContentDigest key = key();
        String first = choose(key, nodes, Set.of());
        String second = choose(key, nodes, Set.of(first));
        assertThat(second).isNotEqualTo(first);
        List<WorkerNode> only =
                nodes.stream().filter(node -> node.id().equals(first)).toList();
        assertThat(choose(key, only, Set.of(first))).isEqualTo(first);
        assertThat(rendezvous.choose(key, 1, List.of(), Set.of())).isEmpty();
    }
}
