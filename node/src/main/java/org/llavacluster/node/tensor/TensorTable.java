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
 * The state of a {@link TensorCache}, without threads, time or calls: each method changes it and returns what is to be
 * done outside the lock. Not thread-safe.
 *
 * <p>A key is in {@code entries} while it is pending or ready. A making whose last waiter left is an orphan: its key is
 * absent again and only the room it reserved is still taken, until whoever makes it notices.
 *
 * @param <W> a waiter
 */
final class TensorTable<K, W> {

    private static final Duration RETRY_AFTER = Duration.ofMillis(200);

    /** What the caller does once the lock is free, in this order. */
    sealed interface Effect<K, W> {

        record Answer<K, W>(W waiter, TensorAnswer answer) implements Effect<K, W> {}

        /** Answer with the tensor; the entry is pinned for this waiter already. */
        record Deliver<K, W>(W waiter, Entry<K, W> entry) implements Effect<K, W> {}

        record Parked<K, W>(W waiter) implements Effect<K, W> {}

        record Release<K, W>(StoredTensor tensor) implements Effect<K, W> {}

        /** Tell whoever makes a tensor that nobody waits for it any more. */
        record Stop<K, W>(Runnable action) implements Effect<K, W> {}
    }

    /** One key's tensor, or the making of it. */
    static final class Entry<K, W> {

        private final K key;
        /** Who began it will have it in any case; otherwise it lives as long as somebody waits. */
        private final boolean kept;

        private final Map<W, Long> deadlines = new LinkedHashMap<>();
        private long bytes;
        private StoredTensor tensor;
        private int pins;
        /** In {@code entries}; else an orphan, or ready and only alive through its pins. */
        private boolean listed = true;

        /** Made, or given up. */
        private boolean ended;

        private Runnable whenUnwanted;

        private Entry(K key, long bytes, boolean kept) {
            this.key = key;
            this.bytes = bytes;
            this.kept = kept;
        }

        StoredTensor tensor() {
            return tensor;
        }
    }

    /** What begins: a making, nothing because it is there already, or nothing because it cannot be. */
    sealed interface Beginning<K, W> {

        record Began<K, W>(Entry<K, W> entry) implements Beginning<K, W> {}

        record Present<K, W>() implements Beginning<K, W> {}

        record Refused<K, W>(Failure failure) implements Beginning<K, W> {}
    }

    private final long limitBytes;
    private final int maxWaiters;
    private final Map<K, Entry<K, W>> entries = new HashMap<>();
    /** Ready and not pinned, the one that was used longest ago first. */
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

    /** Ready: pinned and delivered. Pending: parked until the deadline. Else absent. */
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
                    new Failure.Overloaded(maxWaiters + " pulls wait for tensors, the most at once", RETRY_AFTER)));
        } else {
            entry.deadlines.put(waiter, deadlineNanos);
            parked.put(waiter, entry);
            effects.add(new Effect.Parked<>(waiter));
        }
    }

    /** Reserves room for a tensor that the caller is going to make. What has to go for that is released. */
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

    /** Parks the waiter where it began what it looked for; nothing began where the waiter did not get to wait. */
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
     * What to do when nobody waits any more for a making that is not kept, or the table closes: at most once, maybe
     * now.
     */
    List<Effect<K, W>> onUnwanted(Entry<K, W> entry, Runnable action) {
        if (entry.ended) {
            return List.of();
        }
        if (!entry.listed) {
            return List.of(new Effect.Stop<>(action));
        }
        entry.whenUnwanted = action;
        return List.of();
    }

    /** The tensor is made: whoever waits for it gets it. A making that is over, or an orphan, is released at once. */
    List<Effect<K, W>> complete(Entry<K, W> entry, StoredTensor tensor, long nowNanos) {
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

    /** There will be no tensor: whoever waits gets that answer, and the key is absent. */
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

    /** One pin less. */
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

    /** The waiter does not want its answer any more. One that is not parked is none of ours. */
    List<Effect<K, W>> leave(W waiter) {
        List<Effect<K, W>> effects = new ArrayList<>(1);
        Entry<K, W> entry = parked.remove(waiter);
        if (entry != null) {
            entry.deadlines.remove(waiter);
            abandonUnwanted(entry, effects);
        }
        return effects;
    }

    /** Answers those whose deadline is over. Begins the effects of every change that knows the time. */
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
        touched.forEach(entry -> abandonUnwanted(entry, effects));
        return effects;
    }

    /** Nothing begins any more; waiters go away empty-handed and idle tensors are released. */
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

    private void abandonUnwanted(Entry<K, W> entry, List<Effect<K, W>> effects) {
        if (entry.listed && !entry.kept && entry.tensor == null && entry.deadlines.isEmpty()) {
            unlist(entry);
            stop(entry, effects);
        }
    }

    private void stop(Entry<K, W> entry, List<Effect<K, W>> effects) {
        if (entry.whenUnwanted != null) {
            effects.add(new Effect.Stop<>(entry.whenUnwanted));
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
