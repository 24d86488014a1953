package org.llavacluster.worker.serve;

import java.util.concurrent.atomic.AtomicInteger;
import org.llavacluster.node.tensor.TensorCache;
import org.llavacluster.node.watch.NodeStateBoard;

/** What {@code Watch} reports of a node that computes tensors: work waiting and running, its cache and its rate. */
public final class WorkerLoad {

    private final NodeStateBoard board;
    private final TensorCache<?> cache;
    private final WorkRate rate = new WorkRate();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();

    public WorkerLoad(NodeStateBoard board, TensorCache<?> cache) {
        this.board = board;
        this.cache = cache;
        publish();
    }

    /** A piece of work was queued. */
    public void queued() {
        waiting.incrementAndGet();
        publish();
    }

    /** A queued piece was dropped. */
    public void dropped() {
        waiting.decrementAndGet();
        publish();
    }

    /** Queued pieces were started. */
    public void started(int pieces) {
        waiting.addAndGet(-pieces);
        running.addAndGet(pieces);
        publish();
    }

    /**
     * Pieces ended, and their tensors are in the cache.
     *
     * @param units number of tiles or rows computed in that time; 0 if the work failed
     */
    public void finished(int pieces, long units, long tookNanos) {
        running.addAndGet(-pieces);
        if (units > 0) {
            rate.add(units, tookNanos);
        }
        publish();
    }

    // The figures are read while the board is locked, so a later change never carries older figures.
    private void publish() {
        board.publish(state -> state.setWaiting(waiting.get())
                .setRunning(running.get())
                .setCacheBytes(cache.bytes())
                .setCacheLimitBytes(cache.limitBytes())
                .setCacheEntries(cache.entries())
                .setRatePerSecond(rate.perSecond()));
    }
}
