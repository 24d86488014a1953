package org.llavacluster.node.tensor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.node.failure.Failure;

/**
 * The state of a {@link TensorCache} as a pure state machine: each method changes the state and returns the effects
 * that the caller performs outside its lock. It knows no thread, clock or network, and is not thread-safe.
 *
 * <p><b>What it holds.</b> At most {@code limitBytes} of tensors by key. Bytes are reserved when a tensor is begun, so
 * the limit holds at any time.
 *
 * <p><b>States of a key.</b>
 *
 * <pre>
 * absent   unknown here
 * pending  begun by {@link #begin} or {@link #findOrBegin}; waiters are parked until {@link #complete}, {@link #end}
 *          or their deadline
 * ready    holds its tensor: pinned while it is read, otherwise idle
 * </pre>
 *
 * <p><b>Rules.</b>
 *
 * <ul>
 * <li>When memory is needed, idle tensors are evicted, the least recently used first. Pinned and pending ones never
 *     are.
 * <li>The number of parked waiters is bounded. Each waiter gets exactly one final answer.
 * <li>A tensor begun by {@link #findOrBegin} is abandoned when its last waiter leaves: its key is absent at once, while
 *     its bytes stay reserved until the work on it ends. One begun by {@link #begin} is kept whether or not anything
 *     waits for it.
 * </ul>
 *
 * @param <K> name of a tensor
 * @param <W> a waiter
 */
final class TensorTable<K, W> {

    private static final Duration RETRY_AFTER = Duration.ofMillis(200);

    /** What the caller does after releasing its lock, in the given order. */
    sealed interface Effect<K, W> {

        record Answer<K, W>(W waiter, TensorAnswer answer) implements Effect<K, W> {}

        /** Answer with the tensor; the entry is already pinned for this waiter. */
        record Deliver<K, W>(W waiter, Entry<K, W> entry) implements Effect<K, W> {}

        record Parked<K, W>(W waiter) implements Effect<K, W> {}

        record Release<K, W>(CachedTensor tensor) implements Effect<K, W> {}

        /** Stop the work on a tensor that nothing waits for. */
        record Stop<K, W>(Runnable action) implements Effect<K, W> {}
    }

    /** The tensor of one key, pending or ready. */
    static final class Entry<K, W> {

        private final K key;
        /** Kept whether or not anything waits for it; otherwise abandoned when the last waiter leaves. */
        private final boolean kept;

        private final Map<W, Long> deadlines = new LinkedHashMap<>();
        private long bytes;
        private CachedTensor tensor;
        private int pins;
        /**
         * Whether the key leads here. If not, the entry was abandoned, or is evicted and alive only through its pins.
         */
        private boolean listed = true;

        /** Completed or given up. */
        private boolean ended;

        private Runnable whenAbandoned;

        private Entry(K key, long bytes, boolean kept) {
            this.key = key;
            this.bytes = bytes;
            this.kept = kept;
        }

        CachedTensor tensor() {
            return tensor;
        }
    }

    /** Result of beginning a tensor: begun, not needed because the key is pending or ready, or refused. */
    sealed interface Beginning<K, W> {

        record Began<K, W>(Entry<K, W> entry) implements Beginning<K, W> {}

        record Present<K, W>() implements Beginning<K, W> {}

        record Refused<K, W>(Failure failure) implements Beginning<K, W> {}
    }

    private final long limitBytes;
    private final int maxWaiters;
    private final Map<K, Entry<K, W>> entries = new HashMap<>();
    /** Ready and not pinned, least recently used first. */
    private final Map<K, Entry<K, W>> idle = new LinkedHashMap<>();

    private final Map<W, Entry<K, W>> parked = new HashMap<>();
    private long usedBytes;
    private int readyEntries;
    private long evictions;
    private boolean closed;

    TensorTable(long limitBytes, int maxWaiters) {
        this.limitBytes = limitBytes;
        this.maxWaiters = maxWaiters;
    }

    /** Delivers a ready tensor with a pin, parks the waiter of a pending one, and answers absent otherwise. */
    List<Effect<K, W>> find(K key, W waiter, long deadlineNanos, long nowNanos) {
        List<Effect<K, W>> effects = expire(nowNanos);
        Entry<K, W> entry = entries.get(key);
        if (entry == null) {
            effects.add(new Effect.Answer<>(waiter, new TensorAnswer.Absent()));
        } else if (entry.tensor != null) {
            pin(entry);
            effects.add(new Effect.Deliver<>(waiter, entry));
        } else {
            park(entry, waiter, deadlineNanos, nowNanos, effects);
        }
        return effects;
    }

    private void park(Entry<K, W> entry, W waiter, long deadlineNanos, long nowNanos, List<Effect<K, W>> effects) {
        if (deadlineNanos - nowNanos <= 0) {
            effects.add(failed(waiter, new Failure.Expired("the deadline is over")));
        } else if (parked.size() >= maxWaiters) {
            effects.add(failed(
                    waiter,
                    new Failure.Overloaded(
                            "the limit of " + maxWaiters + " pulls that wait for tensors is reached", RETRY_AFTER)));
        } else {
            entry.deadlines.put(waiter, deadlineNanos);
            parked.put(waiter, entry);
            effects.add(new Effect.Parked<>(waiter));
        }
    }

    /** Reserves bytes for a tensor that the caller will compute, and evicts idle tensors for them. */
    Beginning<K, W> begin(K key, long bytes, boolean kept, List<Effect<K, W>> effects) {
        if (closed) {
            return new Beginning.Refused<>(new Failure.Unavailable("the node is shutting down"));
        }
        if (entries.containsKey(key)) {
            return new Beginning.Present<>();
        }
        if (bytes > limitBytes) {
            return new Beginning.Refused<>(new Failure.TooLarge(
                    "tensor", "a tensor of " + bytes + " bytes exceeds the cache's limit of " + limitBytes));
        }
        Iterator<Entry<K, W>> oldest = idle.values().iterator();
        while (usedBytes + bytes > limitBytes && oldest.hasNext()) {
            Entry<K, W> entry = oldest.next();
            oldest.remove();
            unlist(entry);
            evictions++;
            free(entry, effects);
        }
        if (usedBytes + bytes > limitBytes) {
            return new Beginning.Refused<>(new Failure.Overloaded(
                    "no room for a tensor of " + bytes + " bytes: " + usedBytes + " of " + limitBytes + " are in use",
                    RETRY_AFTER));
        }
        Entry<K, W> entry = new Entry<>(key, bytes, kept);
        entries.put(key, entry);
        usedBytes += bytes;
        return new Beginning.Began<>(entry);
    }

    /** Finds a tensor or begins it with the waiter parked. Nothing is begun if the waiter cannot be parked. */
    Beginning<K, W> findOrBegin(
            K key, long bytes, W waiter, long deadlineNanos, long nowNanos, List<Effect<K, W>> effects) {
        Beginning<K, W> beginning = begin(key, bytes, false, effects);
        switch (beginning) {
            case Beginning.Refused<K, W>(Failure failure) -> effects.add(failed(waiter, failure));
            case Beginning.Present<K, W> _ -> effects.addAll(find(key, waiter, deadlineNanos, nowNanos));
            case Beginning.Began<K, W>(Entry<K, W> entry) -> {
                effects.addAll(find(key, waiter, deadlineNanos, nowNanos));
                if (entry.deadlines.isEmpty()) {
                    effects.addAll(end(entry, new TensorAnswer.Absent(), nowNanos));
                    return new Beginning.Present<>();
                }
            }
        }
        return beginning;
    }

    /**
     * Registers what stops the work on a pending tensor: when its last waiter leaves and it is not kept, or when the
     * table closes. Runs at most once, at once if the tensor is abandoned already.
     *
     * @throws IllegalStateException if an action is registered already
     */
    List<Effect<K, W>> onAbandoned(Entry<K, W> entry, Runnable action) {
        if (entry.ended) {
            return List.of();
        }
        if (!entry.listed) {
            return List.of(new Effect.Stop<>(action));
        }
        if (entry.whenAbandoned != null) {
            throw new IllegalStateException("an action for an abandoned tensor is registered already");
        }
        entry.whenAbandoned = action;
        return List.of();
    }

    /** Whether the tensor is still to be computed: it will be kept or given to a waiter. */
    boolean isWanted(Entry<K, W> entry) {
        return entry.listed && !entry.ended;
    }

    /** Delivers a computed tensor to its waiters. It is released at once if the entry ended before or was abandoned. */
    List<Effect<K, W>> complete(Entry<K, W> entry, CachedTensor tensor, long nowNanos) {
        List<Effect<K, W>> effects = expire(nowNanos);
        if (entry.ended) {
            effects.add(new Effect.Release<>(tensor));
            return effects;
        }
        entry.ended = true;
        entry.tensor = tensor;
        usedBytes += tensor.bytes().byteSize() - entry.bytes;
        entry.bytes = tensor.bytes().byteSize();
        if (!entry.listed) {
            free(entry, effects);
            return effects;
        }
        readyEntries++;
        idle.put(entry.key, entry);
        for (W waiter : entry.deadlines.keySet()) {
            parked.remove(waiter);
            pin(entry);
            effects.add(new Effect.Deliver<>(waiter, entry));
        }
        entry.deadlines.clear();
        return effects;
    }

    /** Ends a pending tensor without a result: its waiters get the answer and the key is absent. */
    List<Effect<K, W>> end(Entry<K, W> entry, TensorAnswer answer, long nowNanos) {
        List<Effect<K, W>> effects = expire(nowNanos);
        if (entry.ended) {
            return effects;
        }
        entry.ended = true;
        usedBytes -= entry.bytes;
        unlist(entry);
        for (W waiter : entry.deadlines.keySet()) {
            parked.remove(waiter);
            effects.add(new Effect.Answer<>(waiter, answer));
        }
        entry.deadlines.clear();
        return effects;
    }

    /** Removes one pin. */
    List<Effect<K, W>> unpin(Entry<K, W> entry) {
        List<Effect<K, W>> effects = new ArrayList<>(1);
        if (--entry.pins < 0) {
            throw new IllegalStateException("a pin was closed twice");
        }
        if (entry.pins == 0) {
            if (entry.listed) {
                idle.put(entry.key, entry);
            } else {
                free(entry, effects);
            }
        }
        return effects;
    }

    /** Removes a waiter that no longer wants its answer. Does nothing for a waiter that is not parked. */
    List<Effect<K, W>> leave(W waiter) {
        List<Effect<K, W>> effects = new ArrayList<>(1);
        Entry<K, W> entry = parked.remove(waiter);
        if (entry != null) {
            entry.deadlines.remove(waiter);
            abandon(entry, effects);
        }
        return effects;
    }

    /** Answers waiters whose deadline has passed. Every method that takes the time calls this first. */
    List<Effect<K, W>> expire(long nowNanos) {
        List<Effect<K, W>> effects = new ArrayList<>(2);
        List<Entry<K, W>> touched = new ArrayList<>(0);
        parked.forEach((waiter, entry) -> {
            if (entry.deadlines.get(waiter) - nowNanos <= 0) {
                effects.add(failed(waiter, new Failure.Expired("the deadline is over")));
                touched.add(entry);
            }
        });
        for (int i = 0; i < touched.size(); i++) {
            W waiter = ((Effect.Answer<K, W>) effects.get(i)).waiter();
            parked.remove(waiter);
            touched.get(i).deadlines.remove(waiter);
        }
        touched.forEach(entry -> abandon(entry, effects));
        return effects;
    }

    /** Refuses new tensors from now on, answers all waiters and releases idle tensors. */
    List<Effect<K, W>> close() {
        List<Effect<K, W>> effects = new ArrayList<>();
        closed = true;
        for (Entry<K, W> entry : List.copyOf(entries.values())) {
            for (W waiter : entry.deadlines.keySet()) {
                parked.remove(waiter);
                effects.add(failed(waiter, new Failure.Unavailable("the node is shutting down")));
            }
            entry.deadlines.clear();
            unlist(entry);
            if (entry.tensor == null) {
                stop(entry, effects);
            } else if (entry.pins == 0) {
                free(entry, effects);
            }
        }
        idle.clear();
        return effects;
    }

    private void abandon(Entry<K, W> entry, List<Effect<K, W>> effects) {
        if (entry.listed && !entry.kept && entry.tensor == null && entry.deadlines.isEmpty()) {
            unlist(entry);
            stop(entry, effects);
        }
    }

    private void stop(Entry<K, W> entry, List<Effect<K, W>> effects) {
        if (entry.whenAbandoned != null) {
            effects.add(new Effect.Stop<>(entry.whenAbandoned));
        }
    }

    private void pin(Entry<K, W> entry) {
        entry.pins++;
        idle.remove(entry.key);
    }

    private void unlist(Entry<K, W> entry) {
        if (entry.listed) {
            entry.listed = false;
            entries.remove(entry.key);
            if (entry.tensor != null) {
                readyEntries--;
            }
        }
    }

    private void free(Entry<K, W> entry, List<Effect<K, W>> effects) {
        usedBytes -= entry.bytes;
        effects.add(new Effect.Release<>(entry.tensor));
    }

    private Effect<K, W> failed(W waiter, Failure failure) {
        return new Effect.Answer<>(waiter, new TensorAnswer.Failed(failure));
    }

    boolean contains(K key) {
        return entries.containsKey(key);
    }

    long usedBytes() {
        return usedBytes;
    }

    int readyEntries() {
        return readyEntries;
    }

    int idleEntries() {
        return idle.size();
    }

    int waiters() {
        return parked.size();
    }

    long evictions() {
        return evictions;
    }
}
