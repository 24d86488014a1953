package org.llavacluster.stress;

import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** How a stress run keeps the scheduler from being fair. In each of them, other threads keep the cores busy. */
enum Disturbance {
    /** Threads of the tests are put on one random core now and then, behind a thread that never gives way. */
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

    /** One of the names here, in lower case with hyphens; none disturbs nothing. */
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

    /** Lasts until the process ends. */
    abstract void begin(Random random);
}
