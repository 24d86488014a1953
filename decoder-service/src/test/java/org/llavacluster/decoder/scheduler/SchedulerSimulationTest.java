package org.llavacluster.decoder.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llavacluster.decoder.kv.BrokenKv;
import org.llavacluster.decoder.scheduler.Simulation.Parts;
import org.llavacluster.decoder.scheduler.Simulation.Tally;
import org.llavacluster.model.decoder.RowRun;

class SchedulerSimulationTest {

    private static final int SEEDS = 1_000;
    private static final int ROUNDS = 150;

    @Test
    void shouldKeepAllPromisesWithTinyLimits() {
        Tally tally = Tally.NOTHING;
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                tally = tally.plus(new Simulation(seed, Parts.sound()).run(ROUNDS));
            } catch (AssertionError | RuntimeException broken) {
                fail("seed " + seed + ": " + broken.getMessage(), broken);
            }
        }
        assertThat(tally.ended()).isGreaterThan(10_000);
        assertThat(tally.tokens()).isGreaterThan(10_000);
        assertThat(tally.sharedSteps()).isGreaterThan(1_000);
        assertThat(tally.cachedRows()).isGreaterThan(1_000);
        assertThat(tally.preemptions()).isGreaterThan(100);
        assertThat(tally.paused()).isGreaterThan(1_000);
        assertThat(tally.earlyRows()).isGreaterThan(1_000);
    }

    @Test
    void shouldCatchALeakedBlock() {
        assertCaught(Parts.sound().withPool(BrokenKv::leaking), "blocks are in use", "leaves the prefix cache");
    }

    @Test
    void shouldCatchAStalePrefix() {
        assertCaught(Parts.sound().withPrefixes(BrokenKv::stale), "Prefix");
    }

    @Test
    void shouldCatchAPrefixSharedAcrossTenants() {
        assertCaught(Parts.sound().withPrefixes(BrokenKv::unsalted), "Isolated");
    }

    @Test
    void shouldCatchADroppedToken() {
        int[] seen = {0};
        assertCaught(
                Parts.sound().withActions(actions -> actions.stream()
                        .filter(action -> !(action instanceof Action.Deliver) || ++seen[0] % 100 != 0)
                        .toList()),
                "Contiguous",
                "Prefix",
                // A request that waits for the acknowledgement of a dropped token waits for ever.
                "Live");
    }

    @Test
    void shouldCatchASwappedRow() {
        assertCaught(
                Parts.sound().withStep(step -> {
                    List<Step.Part> parts = new ArrayList<>(step.parts());
                    if (parts.size() > 1 && parts.get(0).rows() == parts.get(1).rows()) {
                        Step.Part a = parts.get(0);
                        Step.Part b = parts.get(1);
                        parts.set(0, withRuns(a, b.runs()));
                        parts.set(1, withRuns(b, a.runs()));
                    }
                    return new Step(parts);
                }),
                "Prefix",
                "is not there",
                // A wrong token may be one that ends the answer.
                "Explained: stopped");
    }

    @Test
    void shouldCatchASwappedBlock() {
        assertCaught(
                Parts.sound().withStep(step -> {
                    Step.Part part = step.parts().getFirst();
                    int[] blocks = part.blocks().clone();
                    int first = blocks[0];
                    blocks[0] = blocks[blocks.length - 1];
                    blocks[blocks.length - 1] = first;
                    List<Step.Part> parts = new ArrayList<>(step.parts());
                    parts.set(
                            0,
                            new Step.Part(
                                    part.id(),
                                    part.start(),
                                    part.rows(),
                                    blocks,
                                    part.runs(),
                                    part.sample(),
                                    part.prefill()));
                    return new Step(parts);
                }),
                "Prefix",
                "Isolated");
    }

    private static Step.Part withRuns(Step.Part part, List<RowRun> runs) {
        return new Step.Part(part.id(), part.start(), part.rows(), part.blocks(), runs, part.sample(), part.prefill());
    }

    /** The fault must show within the seeds of the sound run, first as one of these breaches. */
    private static void assertCaught(Parts parts, String... breaches) {
        Optional<String> caught = Optional.empty();
        for (long seed = 0; seed < SEEDS && caught.isEmpty(); seed++) {
            try {
                new Simulation(seed, parts).run(ROUNDS);
            } catch (AssertionError | RuntimeException broken) {
                caught = Optional.of(broken.getMessage());
            }
        }
        assertThat(caught).isPresent();
        assertThat(breaches).as(caught.get()).anyMatch(caught.get()::contains);
    }
}
