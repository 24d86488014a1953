package org.llavacluster.stress;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Repeatedly confines a random thread to a random core for a few milliseconds. */
final class ThreadMover {

    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final KernelScheduler scheduler;
    private final Random random;

    ThreadMover(KernelScheduler scheduler, Random random) {
        this.scheduler = scheduler;
        this.random = random;
    }

    void start() {
        Thread.ofPlatform().daemon().name("thread-mover").start(() -> {
            while (true) {
                move();
            }
        });
    }

    private void move() {
        List<Integer> threads = scheduler.threads();
        List<Integer> cores = scheduler.cores();
        int thread = threads.get(random.nextInt(threads.size()));
        if (BusyCores.isNone(thread)) {
            scheduler.confine(thread, cores.get(random.nextInt(cores.size())));
            LockSupport.parkNanos(random.nextLong(LONGEST_NANOS));
            scheduler.free(thread);
        }
    }
}
