package org.llavacluster.scheduling.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TenantQueueTest {

    private final TenantQueue queue = new TenantQueue(1_000, 5, tenant -> tenant.equals("double") ? 2 : 1);
    private long tickets;

    private QueueEntry add(String tenant, int priority, double cost) {
        QueueEntry entry = new QueueEntry(tickets++, tenant, priority, cost);
        assertThat(queue.add(entry)).isEmpty();
        return entry;
    }

    private QueueEntry start() {
        QueueEntry next = queue.peek().orElseThrow();
        queue.start(next);
        return next;
    }

    @Test
    void shouldServeOneTenantInOrderOfArrival() {
        List<QueueEntry> added = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            added.add(add("a", 0, 1 + i % 7));
        }
        for (QueueEntry entry : added) {
            assertThat(start()).isEqualTo(entry);
        }
        assertThat(queue.peek()).isEmpty();
    }

    @Test
    void shouldShareByCostAndWeightNotByNumber() {
        for (int i = 0; i < 300; i++) {
            add("large", 0, 10);
            add("small", 0, 1);
            add("double", 0, 1);
        }
        Map<String, Double> served = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            QueueEntry entry = start();
            served.merge(entry.tenant(), entry.cost(), Double::sum);
        }
        assertThat(served.get("small") / served.get("large")).isBetween(0.85, 1.15);
        assertThat(served.get("double") / served.get("small")).isBetween(1.8, 2.2);
    }

    @Test
    void shouldNotLetAFloodDelayANewcomer() {
        for (int i = 0; i < 500; i++) {
            add("flood", 0, 1);
        }
        start();
        QueueEntry newcomer = add("quiet", 0, 1);
        assertThat(List.of(start(), start())).contains(newcomer);
    }

    @Test
    void shouldGiveNoCreditForTimeAway() {
        for (int i = 0; i < 100; i++) {
            add("a", 0, 1);
            start();
        }
        for (int i = 0; i < 20; i++) {
            add("a", 0, 1);
            add("late", 0, 1);
        }
        int late = 0;
        for (int i = 0; i < 20; i++) {
            late += start().tenant().equals("late") ? 1 : 0;
        }
        assertThat(late).isBetween(9, 11);
    }

    @Test
    void shouldServeHigherPriorityOfATenantFirst() {
        QueueEntry low = add("a", 0, 1);
        QueueEntry high = add("a", 3, 1);
        assertThat(start()).isEqualTo(high);
        assertThat(start()).isEqualTo(low);
    }

    @Test
    void shouldBoundTheBypassOfLowPriority() {
        QueueEntry low = add("a", 0, 1);
        int before = 0;
        add("a", 3, 1);
        while (!start().equals(low)) {
            before++;
            add("a", 3, 1);
        }
        assertThat(before).isEqualTo(5);
    }

    @Test
    void shouldRefuseTheLargestShareWhenFull() {
        TenantQueue small = new TenantQueue(4, 5, _ -> 1);
        List<QueueEntry> flood = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            flood.add(new QueueEntry(i, "flood", 0, 1));
            assertThat(small.add(flood.get(i))).isEmpty();
        }
        QueueEntry more = new QueueEntry(4, "flood", 0, 1);
        assertThat(small.add(more)).contains(more);
        QueueEntry quiet = new QueueEntry(5, "quiet", 0, 1);
        assertThat(small.add(quiet)).contains(flood.get(3));
        assertThat(small.size()).isEqualTo(4);
        QueueEntry urgent = new QueueEntry(6, "flood", 9, 1);
        assertThat(small.add(urgent)).as("the last in order gives way").contains(flood.get(2));
    }

    @Test
    void shouldKeepItsCountsThroughAnything() {
        Random random = new Random(11);
        List<QueueEntry> inside = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    QueueEntry entry = new QueueEntry(
                            tickets++, "t" + random.nextInt(3), random.nextInt(2), 1 + random.nextInt(9));
                    inside.add(entry);
                    queue.add(entry).ifPresent(inside::remove);
                }
                case 2 -> {
                    Optional<QueueEntry> next = queue.peek();
                    next.ifPresent(queue::start);
                    next.ifPresent(inside::remove);
                }
                default -> {
                    if (!inside.isEmpty()) {
                        QueueEntry gone = inside.remove(random.nextInt(inside.size()));
                        assertThat(queue.remove(gone)).isTrue();
                        assertThat(queue.remove(gone)).isFalse();
                    }
                }
            }
            assertThat(queue.size()).isEqualTo(inside.size());
            assertThat(queue.peek().isPresent()).isEqualTo(!inside.isEmpty());
        }
        assertThat(queue.cost())
                .isEqualTo(inside.stream().mapToDouble(QueueEntry::cost).sum());
    }
}
