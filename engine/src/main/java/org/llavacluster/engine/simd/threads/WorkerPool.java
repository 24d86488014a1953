package org.llavacluster.engine.simd.threads;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A fixed number of threads, including the caller, that claim pieces of work one by one. A thread that loses its core
 * claims fewer pieces and delays the others by at most one piece.
 */
public final class WorkerPool implements AutoCloseable {

    /**
     * Number of times an idle thread looks for work before it parks: about 20 us, longer than the gap between two
     * steps.
     */
    private static final int LOOKS = 1000;

    private final List<Worker> workers = new ArrayList<>();
    /** Held while work is in progress, so that several runs take turns. */
    private final ReentrantLock turn = new ReentrantLock();

    /**
     * Unclaimed pieces. A thread claims one by decrementing a positive value. The work does not end before its claimed
     * pieces do, so a thread with a claim may read the fields below.
     */
    private final AtomicInteger unclaimed = new AtomicInteger();

    private final AtomicInteger unfinished = new AtomicInteger();
    private Work work;
    private int pieces;
    private Thread caller;
    private volatile boolean callerParked;
    private volatile Throwable failure;
    private volatile boolean closed;

    /** @param threads that compute, the caller's included */
    public WorkerPool(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        for (int i = 1; i < threads; i++) {
            Worker worker = new Worker("simd-" + i);
            workers.add(worker);
            worker.start();
        }
    }

    public int threads() {
        return workers.size() + 1;
    }

    /**
     * Runs all pieces and returns when they are done.
     *
     * @param scratch the caller's own
     * @throws RuntimeException or Error that a piece threw; the other pieces are done nevertheless
     */
    public void run(int count, Work todo, Scratch scratch) {
        if (count <= 1 || workers.isEmpty()) {
            for (int i = 0; i < count; i++) {
                todo.piece(i, scratch);
            }
            return;
        }
        turn.lock();
        try {
            work = todo;
            pieces = count;
            caller = Thread.currentThread();
            unfinished.set(count);
            unclaimed.set(count);
            wake(count - 1);
            doPieces(scratch);
            awaitOthers();
            work = null;
            rethrow();
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        workers.forEach(LockSupport::unpark);
    }

    private void wake(int useful) {
        for (int i = 0; i < workers.size() && i < useful; i++) {
            Worker worker = workers.get(i);
            if (worker.parked) {
                LockSupport.unpark(worker);
            }
        }
    }

    private void doPieces(Scratch scratch) {
        int claim = unclaimed.getAndDecrement();
        while (claim > 0) {
            try {
                work.piece(pieces - claim, scratch);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            // The last one must not read fields after this: the work is done then.
            Thread waiting = caller;
            if (unfinished.decrementAndGet() == 0 && callerParked) {
                LockSupport.unpark(waiting);
            }
            claim = unclaimed.getAndDecrement();
        }
    }

    private void awaitOthers() {
        for (int look = 0; look < LOOKS && unfinished.get() > 0; look++) {
            Thread.onSpinWait();
        }
        callerParked = true;
        while (unfinished.get() > 0) {
            LockSupport.park(this);
        }
        callerParked = false;
    }

    private void rethrow() {
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof Error error) {
            throw error;
        } else if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private final class Worker extends Thread {

        private final Scratch scratch = new Scratch();
        private volatile boolean parked;

        Worker(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            while (!closed) {
                doPieces(scratch);
                for (int look = 0; look < LOOKS && unclaimed.get() <= 0 && !closed; look++) {
                    Thread.onSpinWait();
                }
                parked = true;
                while (unclaimed.get() <= 0 && !closed) {
                    LockSupport.park(WorkerPool.this);
                }
                parked = false;
            }
        }
    }
}
