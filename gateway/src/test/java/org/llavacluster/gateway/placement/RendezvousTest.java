package org.llavacluster.gateway.placement;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {

    private static final List<String> NODES = List.of("vision-0", "vision-1", "vision-2", "vision-3");

    private static List<String> order(int key, List<String> nodes) {
        return Rendezvous.order(ByteString.copyFromUtf8("key " + key), nodes, Function.identity());
    }

    @Test
    void shouldMoveOnlyTheKeysOfANodeThatLeaves() {
        List<String> three = new ArrayList<>(NODES);
        three.remove("vision-2");
        for (int key = 0; key < 1000; key++) {
            List<String> before = new ArrayList<>(order(key, NODES));
            before.remove("vision-2");
            assertThat(order(key, three)).isEqualTo(before);
        }
    }

    @Test
    void shouldNotDependOnTheOrderOfTheNodes() {
        for (int key = 0; key < 100; key++) {
            assertThat(order(key, NODES.reversed())).isEqualTo(order(key, NODES));
        }
    }

    @Test
    void shouldSpreadKeysEvenly() {
        Map<String, Long> keys = IntStream.range(0, 4000)
                .mapToObj(key -> order(key, NODES).getFirst())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        // The deviation for 4000 with probability 1/4 is 27; these bounds are six deviations.
        assertThat(keys.values()).hasSize(4).allSatisfy(count -> assertThat(count)
                .isBetween(840L, 1160L));
    }
}
