package org.llavacluster.node.tensor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.Incident;
import org.llavacluster.node.tensor.TensorTable.Beginning;
import org.llavacluster.node.tensor.TensorTable.Effect;
import org.llavacluster.node.tensor.TensorTable.Entry;
import org.llavacluster.node.time.Clock;

/**
 * Tensors by key, bounded in bytes. A key is absent, pending (somebody makes it; those who want it wait, bounded and
 * until their deadline) or ready. What is being sent is pinned; the least recently used of the others make room. Room
 * is reserved when the making begins, so the bytes held never exceed the limit.
 *
 * <p>Has no thread: deadlines are looked at with every call, and gRPC ends a call at its deadline by itself, which
 * makes its waiter leave.
 */
public final class TensorCache<K> implements AutoCloseable {

    private final TensorTable<K, TensorWaiter> table;
    private final long limitBytes;
    private final Clock clock;
    private final Counter hits;
    private final Counter misses;

    /**
     * @param name label of the metrics
     * @param maxWaiters most waiters parked at once; more are refused with Overloaded
     */
    public TensorCache(String name, long limitBytes, int maxWaiters, Clock clock, MeterRegistry metrics) {
        this.table = new TensorTable<>(limitBytes, maxWaiters);
        this.limitBytes = limitBytes;
        this.clock = clock;
        this.hits =
                Counter.builder("llava.tensor.cache.hits").tag("cache", name).register(metrics);
        this.misses =
                Counter.builder("llava.tensor.cache.misses").tag("cache", name).register(metrics);
        FunctionCounter.builder("llava.tensor.cache.evictions", this, of -> of.read(TensorTable::evictions))
                .tag("cache", name)
                .register(metrics);
        gauge(metrics, name, "bytes", TensorTable::usedBytes);
        gauge(metrics, name, "entries", TensorTable::readyEntries);
        gauge(metrics, name, "pinned", of -> of.readyEntries() - of.idleEntries());
        gauge(metrics, name, "waiters", TensorTable::waiters);
    }

    private void gauge(
            MeterRegistry metrics, String name, String what, ToDoubleFunction<TensorTable<K, TensorWaiter>> read) {
        Gauge.builder("llava.tensor.cache." + what, this, of -> of.read(read))
                .tag("cache", name)
                .register(metrics);
    }

    private synchronized double read(ToDoubleFunction<TensorTable<K, TensorWaiter>> read) {
        return read.applyAsDouble(table);
    }

    /** Answers the waiter: ready, pending and later, or absent. */
    public void find(K key, TensorWaiter waiter) {
        long now = clock.nanoTime();
        List<Effect<K, TensorWaiter>> effects;
        synchronized (this) {
            (table.contains(key) ? hits : misses).increment();
            effects = table.find(key, waiter, waiter.deadlineNanos(), now);
        }
        perform(effects);
    }

    /**
     * Begins a making unless the tensor is there or being made; empty then. The making goes on whether or not somebody
     * waits.
     *
     * @param bytes most bytes that the tensor will have
     * @throws FailureException {@code Overloaded} where there is no room but will be, {@code TooLarge} where there
     *     never is
     */
    public Optional<Making> begin(K key, long bytes) {
        List<Effect<K, TensorWaiter>> effects = new ArrayList<>();
        Beginning<K, TensorWaiter> beginning;
        synchronized (this) {
            beginning = table.begin(key, bytes, true, effects);
        }
        perform(effects);
        return switch (beginning) {
            case Beginning.Began<K, TensorWaiter>(Entry<K, TensorWaiter> entry) -> Optional.of(new Work(entry, bytes));
            case Beginning.Present<K, TensorWaiter> _ -> Optional.empty();
            case Beginning.Refused<K, TensorWaiter>(Failure failure) -> throw new FailureException(failure);
        };
    }

    /**
     * {@link #find} and {@link #begin} in one step: where the tensor is absent the waiter is parked and the caller gets
     * the duty to make it, which ends early when the last waiter leaves. Failures go to the waiter.
     */
    public Optional<Making> findOrBegin(K key, long bytes, TensorWaiter waiter) {
        long now = clock.nanoTime();
        List<Effect<K, TensorWaiter>> effects = new ArrayList<>();
        Beginning<K, TensorWaiter> beginning;
        synchronized (this) {
            (table.contains(key) ? hits : misses).increment();
            beginning = table.findOrBegin(key, bytes, waiter, waiter.deadlineNanos(), now, effects);
        }
        perform(effects);
        return beginning instanceof Beginning.Began<K, TensorWaiter>(Entry<K, TensorWaiter> entry)
                ? Optional.of(new Work(entry, bytes))
                : Optional.empty();
    }

    /** The tensor is there or being made. */
    public synchronized boolean contains(K key) {
        return table.contains(key);
    }

    /** Bytes held and reserved. */
    public synchronized long bytes() {
        return table.usedBytes();
    }

    public long limitBytes() {
        return limitBytes;
    }

    /** Tensors held. */
    public synchronized int entries() {
        return table.readyEntries();
    }

    /** Ends all waiters with Unavailable and releases what is not pinned, the rest when its pins close. */
    @Override
    public void close() {
        change(table::close);
    }

    /** Changes the table under the lock and does what follows from it outside. */
    private void change(Supplier<List<Effect<K, TensorWaiter>>> change) {
        List<Effect<K, TensorWaiter>> effects;
        synchronized (this) {
            effects = change.get();
        }
        perform(effects);
    }

    private void perform(List<Effect<K, TensorWaiter>> effects) {
        for (Effect<K, TensorWaiter> effect : effects) {
            switch (effect) {
                case Effect.Answer<K, TensorWaiter>(TensorWaiter waiter, TensorAnswer answer) -> waiter.answer(answer);
                case Effect.Deliver<K, TensorWaiter>(TensorWaiter waiter, Entry<K, TensorWaiter> entry) ->
                    waiter.answer(new TensorAnswer.Ready(new EntryPin(entry)));
                case Effect.Parked<K, TensorWaiter>(TensorWaiter waiter) -> {
                    waiter.pending();
                    waiter.onLeave(() -> change(() -> table.leave(waiter)));
                }
                case Effect.Release<K, TensorWaiter>(StoredTensor tensor) ->
                    tensor.release().run();
                case Effect.Stop<K, TensorWaiter>(Runnable action) -> action.run();
            }
        }
    }

    private final class EntryPin implements TensorPin {

        private final Entry<K, TensorWaiter> entry;
        private final AtomicBoolean closed = new AtomicBoolean();

        EntryPin(Entry<K, TensorWaiter> entry) {
            this.entry = entry;
        }

        @Override
        public StoredTensor tensor() {
            return entry.tensor();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                change(() -> table.unpin(entry));
            }
        }
    }

    private final class Work implements Making {

        private final Entry<K, TensorWaiter> entry;
        private final long reserved;

        Work(Entry<K, TensorWaiter> entry, long reserved) {
            this.entry = entry;
            this.reserved = reserved;
        }

        @Override
        public void complete(StoredTensor tensor) {
            long bytes = tensor.bytes().byteSize();
            if (bytes > reserved) {
                tensor.release().run();
                end(new TensorAnswer.Failed(new Failure.Internal(Incident.next())));
                throw new IllegalArgumentException("a tensor of " + bytes + " bytes, with room for " + reserved);
            }
            change(() -> table.complete(entry, tensor, clock.nanoTime()));
        }

        @Override
        public void absent() {
            end(new TensorAnswer.Absent());
        }

        @Override
        public void wrongRevision() {
            end(new TensorAnswer.WrongRevision());
        }

        @Override
        public void fail(Failure failure) {
            end(new TensorAnswer.Failed(failure));
        }

        private void end(TensorAnswer answer) {
            change(() -> table.end(entry, answer, clock.nanoTime()));
        }

        @Override
        public void onUnwanted(Runnable action) {
            change(() -> table.onUnwanted(entry, action));
        }
    }
}
