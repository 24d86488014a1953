package org.llavacluster.stress;

import java.util.Optional;
import java.util.Random;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Prints the seed of the order and, in a stress run, disturbs the machine before the first test starts. */
public final class StressSession implements LauncherSessionListener {

    /** The property with the seed; empty for a new one. */
    static final String SEED = "llava.tests.seed";

    private static final String JUNIT_SEED = "junit.jupiter.execution.order.random.seed";

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (System.getProperty(JUNIT_SEED) != null) {
            return; // a nested session
        }
        long seed = Optional.ofNullable(System.getProperty(SEED))
                .filter(text -> !text.isBlank())
                .map(Long::parseLong)
                .orElseGet(() -> new Random().nextLong());
        System.setProperty(JUNIT_SEED, Long.toString(seed));
        Optional<Disturbance> disturbance = Disturbance.chosen();
        System.out.println("Tests in random order, seed " + seed
                + disturbance.map(chosen -> ", " + chosen.description()).orElse("") + ". The same order again: -D"
                + SEED
                + "=" + seed);
        disturbance.ifPresent(chosen -> chosen.begin(new Random(seed)));
    }
}
