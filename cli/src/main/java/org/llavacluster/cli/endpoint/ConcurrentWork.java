package org.llavacluster.cli.endpoint;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.llavacluster.cli.CliException;

/** Does the same work for many items, several at a time. */
public final class ConcurrentWork {

    private ConcurrentWork() {}

    /**
     * Returns when the work of all items is done. The first failure ends the run.
     *
     * @param together items that are worked on at once
     * @param progress gets the number of items that are done, in order
     */
    public static <T> void run(List<T> items, int together, Consumer<T> work, IntConsumer progress) {
        ExecutorService threads =
                Executors.newFixedThreadPool(together, Thread.ofVirtual().factory());
        try {
            ExecutorCompletionService<T> running = new ExecutorCompletionService<>(threads);
            items.forEach(item -> running.submit(() -> work.accept(item), item));
            for (int done = 1; done <= items.size(); done++) {
                running.take().get();
                progress.accept(done);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
