package org.llavacluster.scheduling.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.worker.HealthRules;
import org.llavacluster.scheduling.worker.WorkerNode;
import org.llavacluster.scheduling.worker.WorkerReport;
import org.llavacluster.scheduling.worker.WorkerTable;
import org.llavacluster.scheduling.worker.Workers;

class DecoderChoiceTest {

    private final DecoderChoice choice = new DecoderChoice(1, 10_000_000_000L);
    private final WorkerNode a = Workers.node(Workers.decoder("a", 2, 1_000));
    private final WorkerNode b = Workers.node(Workers.decoder("b", 2, 1_000));

    private String choose(int tokens, Set<String> avoided, PrefixIndex.Match... matches) {
        return choice.choose(
                        new DecoderChoice.Demand(tokens, tokens, new ContentDigest(1, 2, 3, 4), avoided),
                        List.of(a, b),
                        List.of(matches),
                        1e9)
                .map(chosen -> chosen.decoder().id())
                .orElse("none");
    }

    @Test
    void shouldTakeTheDecoderWithTheLeastWork() {
        a.take(500, 0);
        assertThat(choose(100, Set.of())).isEqualTo("b");
        b.take(501, 0);
        assertThat(choose(100, Set.of())).isEqualTo("a");
    }

    @Test
    void shouldMeasureWorkInTime() {
        WorkerNode fast = Workers.node(Workers.decoder("fast", 2, 10_000));
        fast.take(4_000, 0);
        a.take(500, 0);
        var demand = new DecoderChoice.Demand(100, 100, new ContentDigest(1, 2, 3, 4), Set.of());
        var chosen = choice.choose(demand, List.of(a, fast), List.of(), 1e9).orElseThrow();
        assertThat(chosen.decoder()).isSameAs(fast);
        assertThat(chosen.expectedNanos()).isEqualTo(4_100 / 10_000.0 * 1e9);
    }

    @Test
    void shouldPreferWhatTheCacheHoldsUntilTheQueueOutweighsIt() {
        a.take(300, 0);
        assertThat(choose(600, Set.of(), new PrefixIndex.Match(a, 512))).isEqualTo("a");
        a.did(300);
        a.take(513, 0);
        assertThat(choose(600, Set.of(), new PrefixIndex.Match(a, 512))).isEqualTo("b");
    }

    @Test
    void shouldNotPreferADecoderThatFailsForBeingIdle() {
        b.take(100, 0);
        assertThat(choose(100, Set.of())).isEqualTo("a");
        a.health().failed(0);
        assertThat(choose(100, Set.of())).isEqualTo("b");
    }

    @Test
    void shouldAvoidADecoderThatFailedTheRequestWhileAnotherHasRoom() {
        b.take(5_000, 0);
        assertThat(choose(100, Set.of("a"))).isEqualTo("b");
        b.take(1, 0);
        b.take(1, 0);
        assertThat(choose(100, Set.of("a"))).as("b is full").isEqualTo("a");
    }

    @Test
    void shouldGiveADecoderNoMoreThanItsSlotsItsQueueAndItsKvCache() {
        for (int i = 0; i < 6; i++) {
            assertThat(choose(10, Set.of())).isNotEqualTo("none");
            (choose(10, Set.of()).equals("a") ? a : b).take(10, 10);
        }
        assertThat(choose(10, Set.of())).isEqualTo("none");
        a.release(10, 10);
        assertThat(choose(9_981, Set.of())).as("more KV than is left").isEqualTo("none");
        assertThat(choose(9_980, Set.of())).isEqualTo("a");
    }

    @Test
    void shouldGiveADecoderOnePromptHoweverMuchItReports() {
        WorkerReport report = Workers.decoder("a", 4, 100);
        WorkerNode decoder = Workers.node(report);
        WorkerTable table = new WorkerTable(HealthRules.DEFAULT, (_, _) -> decoder);
        table.report(0, report);
        table.report(
                1, new WorkerReport("a", report.role(), 1, report.identity(), false, 4, 1, 0, 9_000, 100, 0, 10_000));
        var demand = new DecoderChoice.Demand(100, 200, new ContentDigest(1, 2, 3, 4), Set.of());
        assertThat(choice.choose(demand, List.of(decoder), List.of(), 0)).isPresent();
        decoder.take(100, 200);
        assertThat(choice.choose(demand, List.of(decoder), List.of(), 0)).isEmpty();
    }

    @Test
    void shouldSendEqualPromptsToOneOfEqualDecoders() {
        String first = choose(100, Set.of());
        assertThat(choose(100, Set.of())).isEqualTo(first);
    }
}
