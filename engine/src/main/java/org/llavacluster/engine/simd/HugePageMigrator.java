package org.llavacluster.engine.simd;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A thread that moves the memory of a loaded model to huge pages while the model is in use. */
final class HugePageMigrator implements AutoCloseable {

    /** Upper bound for one piece of work: the thread checks whether to stop every few megabytes. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final Thread thread =
            Thread.ofPlatform().daemon().name("large-pages").unstarted(this::run);
    private final List<Consumer<BooleanSupplier>> tasks;
    private volatile boolean closing;

    /** @param tasks run in order; each polls its argument, which is true when it should stop */
    HugePageMigrator(List<Consumer<BooleanSupplier>> tasks) {
        this.tasks = List.copyOf(tasks);
    }

    void start() {
        thread.start();
    }

    private void run() {
        tasks.forEach(task -> task.accept(() -> closing));
    }

    /** Stops the thread; the memory may be freed afterwards. */
    @Override
    public void close() {
        closing = true;
        try {
            if (thread.getState() != Thread.State.NEW && !thread.join(STOP_WITHIN)) {
                throw new IllegalStateException(
                        "moving memory to huge pages did not stop within " + STOP_WITHIN.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while memory is moved to huge pages", e);
        }
    }
}
