package org.llavacluster.stress;

import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Ways in which a stress run makes the scheduler unfair. In each of them, other threads keep the cores busy. */
enum Disturbance {
    /** Now and then a test thread is confined to a random core, behind a thread that never yields. */
    MOVED("threads are moved between busy cores") {
        @Override
        void begin(Random random) {
            BusyCores.start(Runtime.getRuntime().availableProcessors());
            new ThreadMover(new KernelScheduler(), random).start();
        }
    },
    ONE_CORE("on one busy core") {
        @Override
        void begin(Random random) {
            KernelScheduler scheduler = new KernelScheduler();
            int core = scheduler.cores().get(random.nextInt(scheduler.cores().size()));
            scheduler.threads().forEach(thread -> scheduler.confine(thread, core));
            BusyCores.start(1);
        }
    },
    NICED("with less than an equal share of busy cores") {
        @Override
        void begin(Random random) {
            BusyCores.start(Runtime.getRuntime().availableProcessors());
            KernelScheduler scheduler = new KernelScheduler();
            scheduler.threads().stream().filter(BusyCores::isNone).forEach(thread -> scheduler.nice(thread, NICE));
        }
    };

    /** A thread of this niceness gets about a quarter of a core that it shares with one busy thread. */
    private static final int NICE = 5;

    /** The property that chooses: a name of this enum in lower case with hyphens. Without it nothing is disturbed. */
    static final String PROPERTY = "llava.stress.disturbance";

    private final String description;

    Disturbance(String description) {
        this.description = description;
    }

    static Optional<Disturbance> chosen() {
        String given = System.getProperty(PROPERTY, "");
        if (given.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Stream.of(values())
                .filter(each ->
                        each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(given))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(PROPERTY + " is '" + given + "'")));
    }

    String description() {
        return description;
    }

    /** Starts the disturbance, which lasts until the process ends. */
    abstract void begin(Random random);
}
