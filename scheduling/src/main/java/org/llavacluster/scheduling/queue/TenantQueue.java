package org.llavacluster.scheduling.queue;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Requests that wait for one resource. Tenants take turns so that those with waiting requests get equal shares of it by
 * cost, or shares in proportion to their weights: each has a virtual time that advances by cost over weight with each
 * start, and the least one is next (start-time fair queueing; Goyal, Vin and Cheng, SIGCOMM 1996). A tenant that comes
 * back has no credit for the time that it was away.
 *
 * <p>Within a tenant higher priority goes first, then earlier arrival. Bypass is bounded: at most {@code maxBypass} of
 * its tenant's later arrivals go before a request, whatever their priority, beside those that waited when it came.
 *
 * <p>The queue is bounded. When it is full, the last in order of the tenant that holds the most of it gives way, be it
 * the arrival.
 */
public class TenantQueue {

    private static final Comparator<QueueEntry> ORDER =
            Comparator.comparingInt(QueueEntry::priority).reversed().thenComparingLong(QueueEntry::ticket);

    private static final class Share {
        final String tenant;
        final double weight;
        final TreeSet<QueueEntry> entries = new TreeSet<>(ORDER);
        final TreeMap<Long, Long> latestStarts = new TreeMap<>(); // ticket -> number of starts by which it is next
        double virtual;
        double cost; // waiting
        long starts;

        Share(String tenant, double weight) {
            this.tenant = tenant;
            this.weight = weight;
        }

        QueueEntry next(int lookahead, Predicate<QueueEntry> preferred) {
            Map.Entry<Long, Long> oldest = latestStarts.firstEntry();
            if (starts >= oldest.getValue()) {
                return entry(oldest.getKey());
            }
            QueueEntry first = entries.first();
            int seen = 0;
            for (QueueEntry entry : entries) {
                if (seen == lookahead || entry.priority() != first.priority()) {
                    break;
                }
                if (preferred.test(entry)) {
                    return entry;
                }
                seen++;
            }
            return first;
        }

        private QueueEntry entry(long ticket) {
            return entries.stream()
                    .filter(entry -> entry.ticket() == ticket)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /**
     * Shares without a waiting request that are remembered, so that a tenant cannot shed what it used by leaving and
     * coming back.
     */
    private static final int MAX_IDLE = 1024;

    private final int capacity;
    private final int maxBypass;
    private final ToDoubleFunction<String> weights;

    private final Map<String, Share> shares = new HashMap<>();
    private final TreeSet<Share> active = new TreeSet<>(
            Comparator.comparingDouble((Share share) -> share.virtual).thenComparing(share -> share.tenant));

    private double virtual; // of the newest start
    private double cost;
    private int size;

    /**
     * @param capacity requests that may wait
     * @param weights of a tenant, above 0
     */
    public TenantQueue(int capacity, int maxBypass, ToDoubleFunction<String> weights) {
        if (capacity < 1 || maxBypass < 0) {
            throw new IllegalArgumentException("a queue of " + capacity + " with bypass " + maxBypass);
        }
        this.capacity = capacity;
        this.maxBypass = maxBypass;
        this.weights = weights;
    }

    /** The tenant that an entry is accounted to. */
    protected String accountOf(QueueEntry entry) {
        return entry.tenant();
    }

    /**
     * Adds an entry.
     *
     * @return the entry that has to leave, which may be this one, if the queue is full
     */
    public Optional<QueueEntry> add(QueueEntry entry) {
        Share share = shares.computeIfAbsent(accountOf(entry), name -> new Share(name, weights.applyAsDouble(name)));
        insert(share, entry);
        if (size <= capacity) {
            return Optional.empty();
        }
        QueueEntry last = largest().entries.last();
        remove(last);
        return Optional.of(last);
    }

    private void insert(Share share, QueueEntry entry) {
        if (share.entries.isEmpty()) {
            share.virtual = Math.max(share.virtual, virtual);
            active.add(share);
        }
        share.latestStarts.put(entry.ticket(), share.starts + share.entries.size() + maxBypass);
        share.entries.add(entry);
        share.cost += entry.cost();
        cost += entry.cost();
        size++;
    }

    private Share largest() {
        return active.stream()
                .max(Comparator.comparingDouble((Share share) -> share.cost / share.weight)
                        .thenComparing(share -> share.tenant))
                .orElseThrow();
    }

    /** The entry that is next. */
    public Optional<QueueEntry> peek() {
        return peek(0, _ -> false);
    }

    /**
     * The entry that is next, or one close behind it that the resource serves better now. The bound of bypass holds.
     *
     * @param lookahead entries of the same tenant and priority that are looked at
     */
    public Optional<QueueEntry> peek(int lookahead, Predicate<QueueEntry> preferred) {
        return active.isEmpty() ? Optional.empty() : Optional.of(active.first().next(lookahead, preferred));
    }

    /** Takes out the entry that is next, for it gets the resource. */
    public void start(QueueEntry entry) {
        Share share = shares.get(accountOf(entry));
        virtual = Math.max(virtual, share.virtual);
        active.remove(share);
        share.virtual += entry.cost() / share.weight;
        share.starts++;
        if (!share.entries.isEmpty()) {
            active.add(share);
        }
        remove(entry);
    }

    /** Takes out an entry that waits no more. */
    public boolean remove(QueueEntry entry) {
        Share share = shares.get(accountOf(entry));
        if (share == null || !share.entries.remove(entry)) {
            return false;
        }
        share.latestStarts.remove(entry.ticket());
        share.cost -= entry.cost();
        cost -= entry.cost();
        size--;
        if (share.entries.isEmpty()) {
            share.cost = 0;
            active.remove(share);
            forgetIdle();
        }
        if (size == 0) {
            cost = 0;
        }
        return true;
    }

    /** Shares that are not ahead of the others have nothing that would have to be remembered. */
    private void forgetIdle() {
        if (shares.size() - active.size() > MAX_IDLE) {
            shares.values().removeIf(share -> share.entries.isEmpty() && share.virtual <= virtual);
        }
        if (shares.size() - active.size() > MAX_IDLE) {
            shares.values().removeIf(share -> share.entries.isEmpty());
        }
    }

    /**
     * The cost that goes before a new entry of the tenant, at most: what waits of its own and the others' shares
     * meanwhile.
     */
    public double costAhead(String tenant) {
        Share own = shares.get(tenant);
        double weight = own == null ? weights.applyAsDouble(tenant) : own.weight;
        double mine = own == null ? 0 : own.cost;
        double ahead = mine;
        for (Share share : active) {
            if (share != own) {
                ahead += Math.min(share.cost, (mine + meanCost()) * share.weight / weight);
            }
        }
        return ahead;
    }

    private double meanCost() {
        return size == 0 ? 0 : cost / size;
    }

    /** Of all that wait. */
    public double cost() {
        return cost;
    }

    public int size() {
        return size;
    }

    /** Tenants of which a request waits. */
    public int tenants() {
        return active.size();
    }
}
