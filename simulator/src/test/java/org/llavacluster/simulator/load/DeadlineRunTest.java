package org.llavacluster.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.simulator.worker.WorkerSpeed;

/** Which requests are refused because of their deadlines. Tokens of an answer come every 20 to 35 ms. */
class DeadlineRunTest {

    private static final long SEED = 7;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final ClusterSize SIZE = ClusterSize.of(12);
    private static final WorkerSpeed MODEL = WorkerSpeed.ACCELERATOR;
    private static final LoadMix TEXT = new LoadMix(0, 0, 256, 64, 30 * SECOND);

    private static LoadRun.Result run(double seconds, LoadRun.Stream... streams) {
        LoadRun.Result result = new LoadRun(SEED, SIZE, MODEL, seconds).run(List.of(streams));
        assertThat(result.breaches()).as("seed %d", SEED).isEmpty();
        return result;
    }

    private static void assertAllServed(LoadFigures figures) {
        assertThat(figures.offered()).isPositive();
        assertThat(figures.refused()).as("seed %d", SEED).isZero();
        assertThat(figures.failed()).as("seed %d", SEED).isZero();
    }

    @Test
    void shouldRefuseNothingForTheLengthThatAnAnswerMayHaveAndHasNot() {
        double capacity = new LoadSweep(SEED, SIZE, 10).capacity(TEXT, MODEL);
        LoadRun.Result result = run(
                20,
                new LoadRun.Stream("modest", TEXT, 0.3 * capacity),
                new LoadRun.Stream("generous", TEXT.withMaxTokens(4_000), 0.3 * capacity));
        assertAllServed(result.figures("modest"));
        assertAllServed(result.figures("generous"));
    }

    @Test
    void shouldNotTakeClientsThatReadSlowlyForDecodersThatAreSlow() {
        LoadRun.Result result = run(
                120,
                new LoadRun.Stream("slow", TEXT.withReadNanos(500 * MILLI).withTimeNanos(60 * SECOND), 1),
                new LoadRun.Stream("quick", TEXT.withTimeNanos(6 * SECOND), 1));
        assertAllServed(result.figures("quick"));
        assertAllServed(result.figures("slow"));
    }

    @Test
    void shouldRefuseAtOnceWhatCannotBeWholeByItsDeadline() {
        LoadMix longAnswers = new LoadMix(0, 0, 256, 400, 60 * SECOND);
        LoadRun.Result result = run(
                60,
                new LoadRun.Stream("patient", longAnswers, 2),
                new LoadRun.Stream("hasty", longAnswers.withTimeNanos(3 * SECOND), 2));
        assertAllServed(result.figures("patient"));
        LoadFigures hasty = result.figures("hasty");
        assertThat(hasty.refused()).as("of 8 s in 3 s").isEqualTo(hasty.offered());
    }
}
