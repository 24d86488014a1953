package org.llavacluster.vision.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FairQueueTest {

    private final FairQueue<String> line = new FairQueue<>();

    private static Requester named(String name) {
        return new Requester("address", "connection", "peer", name);
    }

    private String take() {
        return line.take(_ -> true).orElse("nothing");
    }

    @Test
    void shouldKeepTheOrderOfOneRequester() {
        line.add(named("a"), 5, "a1");
        line.add(named("a"), 1, "a2");
        line.add(named("a"), 9, "a3");
        assertThat(List.of(take(), take(), take(), take())).containsExactly("a1", "a2", "a3", "nothing");
    }

    /**
     * Eight huge images of one requester: only the one already at work comes before another requester's small image.
     */
    @Test
    void shouldDelayANewRequesterByNoMoreThanOneItemOfAnother() {
        for (int already = 1; already < 8; already++) {
            FairQueue<String> huge = new FairQueue<>();
            for (int i = 0; i < 8; i++) {
                huge.add(named("greedy"), 64_000_000, "huge");
            }
            for (int i = 0; i < already; i++) {
                assertThat(huge.take(_ -> true)).contains("huge");
            }
            huge.add(named("bystander"), 1_000, "small");
            assertThat(huge.take(_ -> true)).as("after " + already).contains("small");
        }
    }

    @Test
    void shouldRememberWhatARequesterOwesThoughItsLineIsEmpty() {
        line.add(named("greedy"), 64_000_000, "huge 1");
        assertThat(take()).isEqualTo("huge 1");
        line.add(named("greedy"), 64_000_000, "huge 2");
        line.add(named("bystander"), 1_000, "small");
        assertThat(take()).isEqualTo("small");
    }

    @Test
    void shouldNotKeepAWaitingItemFromItsTurnHoweverManyRequestersCome() {
        line.add(named("patient"), 10, "first");
        line.add(named("patient"), 10, "second");
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 1_000 && !taken.contains("second"); i++) {
            line.add(named("new " + i), 10, "new");
            taken.add(take());
        }
        assertThat(taken).contains("second").hasSizeLessThan(100);
    }

    @Test
    void shouldPassOverWhatCannotGoAndKeepIt() {
        line.add(named("a"), 1, "large");
        line.add(named("b"), 1, "small");
        assertThat(line.take("small"::equals)).contains("small");
        assertThat(line.take("small"::equals)).isEmpty();
        assertThat(line.first()).contains("large");
        assertThat(line.remove(line.first().orElseThrow())).isTrue();
        assertThat(line.isEmpty()).isTrue();
    }

    @Test
    void shouldForgetRequesters() {
        for (int i = 0; i < 10_000; i++) {
            String name = "requester " + i;
            line.add(new Requester(name, name, name, name), 7, "item");
            line.take(_ -> true);
        }
        assertThat(line.remembered()).isLessThanOrEqualTo(4096);
    }

    /** Whatever it makes up: names of requests, names of clients, connections. */
    @Test
    void shouldGiveAnAddressNoMoreTurnsForMoreNames() {
        for (int i = 0; i < 30; i++) {
            line.add(new Requester("attacker", "a" + i % 3, "p" + i % 5, "n" + i), 10, "attack");
        }
        take();
        line.add(new Requester("gateway", "b", "p", "n1"), 10, "served 1");
        line.add(new Requester("gateway", "b", "p", "n2"), 10, "served 2");
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            taken.add(take());
        }
        assertThat(taken).contains("served 1", "served 2");
    }

    @Test
    void shouldLetTheConnectionsOfAnAddressTakeTurns() {
        for (int i = 0; i < 30; i++) {
            line.add(new Requester("loopback", "attacker", "p" + i, "n" + i), 10, "attack");
        }
        take();
        line.add(new Requester("loopback", "gateway", "p", "n"), 10, "served");
        assertThat(take()).isEqualTo("served");
    }

    @Test
    void shouldLetTheClientsOfAGatewayTakeTurns() {
        for (int i = 0; i < 30; i++) {
            line.add(new Requester("gateway", "one", "attacker", "request " + i), 10, "attack");
        }
        take();
        line.add(new Requester("gateway", "one", "bystander", "request"), 10, "served");
        assertThat(take()).isEqualTo("served");
    }

    @Test
    void shouldTakeEveryItemOnce() {
        long seed = 20_261_130;
        Random random = new Random(seed);
        Set<String> left = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(3) > 0) {
                String item = "item " + i;
                left.add(item);
                line.add(
                        new Requester(
                                "a" + random.nextInt(3),
                                "c" + random.nextInt(3),
                                "p" + random.nextInt(3),
                                "n" + random.nextInt(3)),
                        1 + random.nextInt(100),
                        item);
            } else if (random.nextInt(4) == 0) {
                left.stream().findAny().ifPresent(item -> {
                    assertThat(line.remove(item)).as("seed %d", seed).isTrue();
                    left.remove(item);
                });
            } else {
                int salt = random.nextInt(4);
                line.take(item -> item.hashCode() % 4 != salt).ifPresent(item -> assertThat(left.remove(item))
                        .as("seed %d", seed)
                        .isTrue());
            }
            assertThat(line.size()).as("seed %d", seed).isEqualTo(left.size());
        }
        assertThat(line.clear()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(left);
        assertThat(line.isEmpty()).isTrue();
    }
}
