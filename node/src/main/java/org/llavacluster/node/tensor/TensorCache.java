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
 * Tensors by key, bounded in bytes. This is the shell around {@link TensorTable}, which describes the states and rules:
 * it adds the lock, the clock and the metrics.
 *
 * <p>It has no thread of its own. Each call checks deadlines, and gRPC cancels a call at its deadline, which removes
 * its waiter.
 */
public final class TensorCache<K> implements AutoCloseable {

    private final TensorTable<K, OrderedWaiter> table;
    private final long limitBytes;
    private final Clock clock;
    private final Counter hits;
    private final Counter misses;

    /**
     * @param name label of the metrics
     * @param maxWaiters largest number of waiters; more are refused with Overloaded
     */
    public TensorCache(String name, long limitBytes, int maxWaiters, Clock clock, MeterRegistry metrics) {
        this.table = new TensorTable<>(limitBytes, maxWaiters);
        this.limitBytes = limitBytes;
        this.clock = clock;
        this.hits = Counter.builder("llava.tensor.cache.hits")
                .description("Pulls whose tensor was there or being made")
                .tag("cache", name)
                .register(metrics);
        this.misses = Counter.builder("llava.tensor.cache.misses")
                .description("Pulls whose tensor had to be made")
                .tag("cache", name)
                .register(metrics);
        FunctionCounter.builder("llava.tensor.cache.evictions", this, of -> of.read(TensorTable::evictions))
                .description("Tensors dropped to make room for others")
                .tag("cache", name)
                .register(metrics);
        gauge(metrics, name, "bytes", "Bytes of the tensors kept", TensorTable::usedBytes);
        gauge(metrics, name, "entries", "Tensors kept", TensorTable::readyEntries);
        gauge(metrics, name, "pinned", "Tensors that are being read", of -> of.readyEntries() - of.idleEntries());
        gauge(metrics, name, "waiters", "Pulls that wait for a tensor that is being made", TensorTable::waiters);
    }

    private void gauge(
            MeterRegistry metrics,
            String name,
            String what,
            String description,
            ToDoubleFunction<TensorTable<K, OrderedWaiter>> read) {
        Gauge.builder("llava.tensor.cache." + what, this, of -> of.read(read))
                .description(description)
                .tag("cache", name)
                .register(metrics);
    }

    private synchronized double read(ToDoubleFunction<TensorTable<K, OrderedWaiter>> read) {
        return read.applyAsDouble(table);
    }

    /** Answers the waiter with the tensor, with pending and later the tensor, or with absent. */
    public void find(K key, TensorWaiter waiter) {
        long now = clock.nanoTime();
        OrderedWaiter ordered = new OrderedWaiter(waiter);
        List<Effect<K, OrderedWaiter>> effects;
        synchronized (this) {
            (table.contains(key) ? hits : misses).increment();
            effects = table.find(key, ordered, waiter.deadlineNanos(), now);
        }
        perform(effects);
        ordered.found();
    }

    /**
     * Reserves memory for a tensor that the caller will compute; empty if the tensor is pending or ready. The tensor is
     * kept even if nobody waits for it.
     *
     * @param bytes upper bound of the tensor's bytes
     * @throws FailureException {@code Overloaded} if there is no room at present, {@code TooLarge} if there never is
     */
    public Optional<PendingTensor> begin(K key, long bytes) {
        List<Effect<K, OrderedWaiter>> effects = new ArrayList<>();
        Beginning<K, OrderedWaiter> beginning;
        synchronized (this) {
            beginning = table.begin(key, bytes, true, effects);
        }
        perform(effects);
        return switch (beginning) {
            case Beginning.Began<K, OrderedWaiter>(Entry<K, OrderedWaiter> entry) ->
                Optional.of(new Work(entry, bytes));
            case Beginning.Present<K, OrderedWaiter> _ -> Optional.empty();
            case Beginning.Refused<K, OrderedWaiter>(Failure failure) -> throw new FailureException(failure);
        };
    }

    /**
     * {@link #find} and {@link #begin} in one step. If the tensor is absent, the waiter is parked and the caller gets
     * the duty to compute it, which is abandoned when the last waiter leaves. Failures go to the waiter.
     */
    public Optional<PendingTensor> findOrBegin(K key, long bytes, TensorWaiter waiter) {
        long now = clock.nanoTime();
        OrderedWaiter ordered = new OrderedWaiter(waiter);
        List<Effect<K, OrderedWaiter>> effects = new ArrayList<>();
        Beginning<K, OrderedWaiter> beginning;
        synchronized (this) {
            (table.contains(key) ? hits : misses).increment();
            beginning = table.findOrBegin(key, bytes, ordered, waiter.deadlineNanos(), now, effects);
        }
        perform(effects);
        ordered.found();
        return beginning instanceof Beginning.Began<K, OrderedWaiter>(Entry<K, OrderedWaiter> entry)
                ? Optional.of(new Work(entry, bytes))
                : Optional.empty();
    }

    /** Whether the tensor is pending or ready. */
    public synchronized boolean contains(K key) {
        return table.contains(key);
    }

    /** Bytes in use and reserved. */
    public synchronized long bytes() {
        return table.usedBytes();
    }

    public long limitBytes() {
        return limitBytes;
    }

    /** Number of tensors that are ready. */
    public synchronized int entries() {
        return table.readyEntries();
    }

    /** Answers all waiters with Unavailable and releases unpinned tensors now, the others when their pins close. */
    @Override
    public void close() {
        change(table::close);
    }

    /** Changes the table under the lock and performs the effects outside of it. */
    private void change(Supplier<List<Effect<K, OrderedWaiter>>> change) {
        List<Effect<K, OrderedWaiter>> effects;
        synchronized (this) {
            effects = change.get();
        }
        perform(effects);
    }

    private void perform(List<Effect<K, OrderedWaiter>> effects) {
        for (Effect<K, OrderedWaiter> effect : effects) {
            switch (effect) {
                case Effect.Answer<K, OrderedWaiter>(OrderedWaiter waiter, TensorAnswer answer) ->
                    waiter.answer(answer);
                case Effect.Deliver<K, OrderedWaiter>(OrderedWaiter waiter, Entry<K, OrderedWaiter> entry) ->
                    waiter.answer(new TensorAnswer.Ready(new EntryPin(entry)));
                case Effect.Parked<K, OrderedWaiter>(OrderedWaiter waiter) -> {
                    waiter.pending();
                    waiter.onLeave(() -> change(() -> table.leave(waiter)));
                }
                case Effect.Release<K, OrderedWaiter>(CachedTensor tensor) ->
                    tensor.release().run();
                case Effect.Stop<K, OrderedWaiter>(Runnable action) -> action.run();
            }
        }
    }

    private final class EntryPin implements TensorPin {

        private final Entry<K, OrderedWaiter> entry;
        private final AtomicBoolean closed = new AtomicBoolean();

        EntryPin(Entry<K, OrderedWaiter> entry) {
            this.entry = entry;
        }

        @Override
        public CachedTensor tensor() {
            return entry.tensor();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                change(() -> table.unpin(entry));
            }
        }
    }

    private final class Work implements PendingTensor {

        private final Entry<K, OrderedWaiter> entry;
        private final long reserved;

        Work(Entry<K, OrderedWaiter> entry, long reserved) {
            this.entry = entry;
            this.reserved = reserved;
        }

        @Override
        public void complete(CachedTensor tensor) {
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
        public boolean isWanted() {
            synchronized (TensorCache.this) {
                return table.isWanted(entry);
            }
        }

        @Override
        public void onAbandoned(Runnable action) {
            change(() -> table.onAbandoned(entry, action));
        }
    }
}
