package org.llavacluster.scheduling.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.llavacluster.scheduling.worker.Workers.IDENTITY;
import static org.llavacluster.scheduling.worker.Workers.report;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerTableTest {

    private static final long SECOND = 1_000_000_000L;

    private final WorkerTable table = new WorkerTable(HealthRules.DEFAULT);

    private List<String> usable(long now) {
        return table.usable(now, WorkerRole.DECODER, IDENTITY).stream()
                .map(WorkerNode::id)
                .sorted()
                .toList();
    }

    private void decoder(long now, String id) {
        table.report(now, report(WorkerRole.DECODER, id, 1));
    }

    @Test
    void shouldGiveNoNewWorkToTheSilentTheDrainingAndTheLost() {
        decoder(0, "a");
        decoder(0, "b");
        decoder(0, "c");
        assertThat(usable(0)).containsExactly("a", "b", "c");
        table.report(SECOND, report(WorkerRole.DECODER, "b", 1, IDENTITY, true));
        assertThat(usable(SECOND)).containsExactly("a", "c");
        assertThat(table.lost(SECOND, "c", 1)).isPresent();
        assertThat(usable(SECOND)).containsExactly("a");
        assertThat(table.checkNanos(SECOND)).isEqualTo(2 * SECOND);
        assertThat(table.check(2 * SECOND)).extracting(WorkerNode::id).containsExactly("a");
        assertThat(usable(2 * SECOND)).isEmpty();
        assertThat(table.hopeful(2 * SECOND, WorkerRole.DECODER, IDENTITY)).isTrue();
        decoder(3 * SECOND, "a");
        assertThat(usable(3 * SECOND)).containsExactly("a");
    }

    @Test
    void shouldNeverPutAsideTheLastWorkersOfARole() {
        decoder(0, "a");
        decoder(0, "b");
        for (int i = 0; i < 20; i++) {
            table.failed(0, table.find("a").orElseThrow());
        }
        assertThat(usable(0)).containsExactly("b");
        for (int i = 0; i < 20; i++) {
            table.failed(0, table.find("b").orElseThrow());
        }
        assertThat(usable(0)).containsExactly("a", "b");
    }

    @Test
    void shouldUseAnEjectedWorkerAgainWhenItsTimeIsOver() {
        decoder(0, "a");
        decoder(0, "b");
        for (int i = 0; i < 6; i++) {
            table.failed(0, table.find("a").orElseThrow());
        }
        assertThat(usable(0)).containsExactly("b");
        assertThat(table.checkNanos(0)).isEqualTo(SECOND);
        table.check(SECOND);
        assertThat(usable(SECOND)).containsExactly("a", "b");
    }

    @Test
    void shouldTakeARestartAsALossAndDropReportsOfTheEarlierProcess() {
        decoder(0, "a");
        WorkerNode before = table.find("a").orElseThrow();
        assertThat(table.report(1, report(WorkerRole.DECODER, "a", 7))).containsSame(before);
        assertThat(table.holds(before)).isFalse();
        assertThat(table.report(2, report(WorkerRole.DECODER, "a", 1))).isEmpty();
        assertThat(table.staleReports()).isEqualTo(1);
        assertThat(table.find("a").orElseThrow().epoch()).isEqualTo(7);
        assertThat(table.lost(3, "a", 1)).as("late news of the earlier process").isEmpty();
    }

    @Test
    void shouldTakeTheSameProcessBackAfterItsConnectionBroke() {
        decoder(0, "a");
        table.lost(1, "a", 1);
        decoder(2, "a");
        assertThat(usable(2)).containsExactly("a");
    }

    @Test
    void shouldKeepWorkersOfOtherNumericsApart() {
        decoder(0, "a");
        table.report(0, report(WorkerRole.DECODER, "b", 1, "revision 2", false));
        table.report(0, report(WorkerRole.DECODER, "c", 1, "revision 2", false));
        assertThat(usable(0)).containsExactly("a");
        assertThat(table.mainIdentity(0, WorkerRole.DECODER)).contains("revision 2");
        table.lost(1, "c", 1);
        assertThat(table.mainIdentity(1, WorkerRole.DECODER))
                .as("of equal groups always the same")
                .contains(IDENTITY);
        assertThat(table.mainIdentity(1, WorkerRole.VISION)).isEmpty();
    }

    @Test
    void shouldCountWhatOthersGaveAWorker() {
        decoder(0, "a");
        WorkerNode node = table.find("a").orElseThrow();
        node.take(100, 200);
        table.report(1, new WorkerReport("a", WorkerRole.DECODER, 1, IDENTITY, false, 4, 2, 1, 250, 100, 0, 10_000));
        assertThat(node.allCalls()).isEqualTo(3);
        assertThat(node.allWork()).isEqualTo(250);
        node.release(100, 200);
        assertThat(node.allCalls()).isEqualTo(2);
        assertThat(node.allWork()).isEqualTo(150);
        table.checkIdle();
    }

    @Test
    void shouldSeeACallThatWasNotReleased() {
        decoder(0, "a");
        table.find("a").orElseThrow().take(100, 200);
        assertThatThrownBy(table::checkIdle)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("DECODER a");
    }
}
