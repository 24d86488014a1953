package org.llavacluster.worker.load;

import java.util.concurrent.atomic.AtomicInteger;
import org.llavacluster.node.tensor.TensorCache;
import org.llavacluster.node.watch.NodeStateBoard;

/** What Watch tells of a node that makes tensors: pieces of work waiting and running, its cache and its rate. */
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

    /** One piece of work has come. */
    public void queued() {
        waiting.incrementAndGet();
        publish();
    }

    /** One piece that waited will not be worked on. */
    public void dropped() {
        waiting.decrementAndGet();
        publish();
    }

    /** So many pieces that waited are worked on now. */
    public void started(int pieces) {
        waiting.addAndGet(-pieces);
        running.addAndGet(pieces);
        publish();
    }

    /**
     * So many pieces are over, their tensors in the cache.
     *
     * @param units tiles or rows that were made in that time; 0 where the work failed
     */
    public void finished(int pieces, long units, long tookNanos) {
        running.addAndGet(-pieces);
        if (units > 0) {
            rate.add(units, tookNanos);
        }
        publish();
    }

    // Everything is read while the board is changed: of two changes the later one tells the newer figures.
    private void publish() {
        board.publish(state -> state.setWaiting(waiting.get())
                .setRunning(running.get())
                .setCacheBytes(cache.bytes())
                .setCacheLimitBytes(cache.limitBytes())
                .setCacheEntries(cache.entries())
                .setRatePerSecond(rate.perSecond()));
    }
}
