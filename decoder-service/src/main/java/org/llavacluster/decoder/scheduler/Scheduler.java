package org.llavacluster.decoder.scheduler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.llavacluster.decoder.kv.BlockPool;
import org.llavacluster.decoder.kv.BlockTable;
import org.llavacluster.decoder.kv.PrefixCache;

/**
 * Decides what the decoder computes next. It is a state machine without clock, thread or network: {@link #step} takes
 * the time and the events since the last call, and returns the actions to perform and the step to compute.
 *
 * <p><b>States.</b> A request is in one of these states from {@link Event.Submitted} until its only {@link Action.End}:
 *
 * <pre>
 * waiting  queued or preempted; holds no blocks; ordered by arrival
 * running  holds blocks; its prompt is computed as its embeddings arrive, then it streams
 * parked   preempted while its reader lagged or its images were missing; returns to waiting when it can continue
 * </pre>
 *
 * <p><b>Rules.</b>
 *
 * <ul>
 * <li>A sequence starts only if the pool can reserve blocks for its prompt and the first part of its answer. Sequences
 *     start in order of arrival, without overtaking.
 * <li>A sequence keeps the embeddings of its images when their rows are computed, as far as the limit of kept rows
 *     allows, so that it can be computed again without another process.
 * <li>A sequence that outgrows its reservation takes an unreserved block, or preempts the youngest running sequence
 * that has all embeddings to be computed again, which may be itself; the youngest of all if none has. Preempted rows
 * are computed again later, except those that the prefix cache still holds. A sequence that runs alone fits the pool
 * and waiting sequences do not overtake, so all sequences finish.
 * <li>A running sequence with nothing to compute, because its reader lags or an image is missing, yields its blocks to
 *     a waiting sequence that can compute.
 * <li>Before each step a sequence adopts cached blocks for its next rows.
 * <li>While a step is in flight, the next call must begin with its outcome.
 * </ul>
 */
public final class Scheduler {

    private final SchedulerLimits limits;
    private final BlockPool pool;
    private final PrefixCache prefixes;
    private final int blockTokens;
    private final StepTimes times;
    private final StepPlanner planner;

    private final Map<Long, Sequence> sequences = new HashMap<>(); // all that have not ended, by id
    private final TreeMap<Long, Sequence> waiting = new TreeMap<>(); // by ticket
    private final TreeMap<Long, Sequence> running = new TreeMap<>(); // by ticket
    private final TreeMap<Long, Sequence> parked = new TreeMap<>(); // by ticket

    private List<Action> actions = new ArrayList<>();
    private Step inFlight; // null if none
    private long nextTicket;
    private long cachedRows;
    private long preemptions;
    private int keptRows; // of images, by all sequences

    public Scheduler(SchedulerLimits limits, BlockPool pool, PrefixCache prefixes, int blockTokens) {
        this.limits = limits;
        this.pool = pool;
        this.prefixes = prefixes;
        this.blockTokens = blockTokens;
        this.times = new StepTimes(limits.prefillRows());
        PrefillBudget budget = new PrefillBudget(limits, times, Math.min(blockTokens, limits.prefillRows()));
        this.planner = new StepPlanner(budget, limits.outboxTokens());
    }

    /**
     * What to do now.
     *
     * @param step the step to compute before the next call, whose first event is then {@link Event.Stepped} or {@link
     *     Event.StepFailed}
     * @param waitNanos time after which to call again without an event, because a deadline has passed; Long.MAX_VALUE
     *     for never
     */
    public record Decision(List<Action> actions, Optional<Step> step, long waitNanos) {}

    /**
     * Figures for metrics and Watch.
     *
     * @param cachedRows total of rows found in the prefix cache instead of being computed
     * @param preemptions total number
     * @param slots most sequences that run at the same time
     * @param promptRows rows of prompts that are still to be computed
     */
    public record Load(
            int running,
            int waiting,
            int paused,
            int blocksFree,
            int blocksTotal,
            long cachedRows,
            long preemptions,
            int slots,
            long promptRows) {}

    public Decision step(long nowNanos, List<Event> events) {
        actions = new ArrayList<>();
        boolean outcome = !events.isEmpty()
                && (events.getFirst() instanceof Event.Stepped || events.getFirst() instanceof Event.StepFailed);
        if (outcome != (inFlight != null)) {
            throw new IllegalStateException(
                    inFlight == null
                            ? "an outcome without a step in flight"
                            : "called without the outcome of the last step");
        }
        events.forEach(this::apply);
        expire(nowNanos);
        admit();
        running.values().forEach(this::adoptPrefix);
        List<Step.Part> parts = planner.plan(List.copyOf(running.values()), this::makeRoom);
        if (!parts.isEmpty()) {
            inFlight = new Step(parts);
        } else if (sequences.isEmpty()) {
            checkIdle();
        }
        return new Decision(actions, Optional.ofNullable(inFlight), untilDeadline(nowNanos));
    }

    public Load load() {
        int lagging = (int) parked.values().stream().filter(planner::isPaused).count();
        int paused = (int) running.values().stream().filter(planner::isPaused).count() + lagging;
        return new Load(
                running.size(),
                waiting.size() + parked.size() - lagging,
                paused,
                pool.unreserved(),
                pool.total(),
                cachedRows,
                preemptions,
                limits.maxRunning(),
                sequences.values().stream().mapToLong(Sequence::promptRowsLeft).sum());
    }

    public StepTimes times() {
        return times;
    }

    private void apply(Event event) {
        switch (event) {
            case Event.Submitted(SequenceSpec spec) -> submit(spec);
            case Event.Stepped stepped -> stepped(stepped);
            case Event.StepFailed(Throwable cause) -> {
                Step failed = inFlight;
                inFlight = null;
                failed.parts().forEach(part -> end(part.id(), new Ending.Failed(cause)));
            }
            case Event.ImageArrived(long id, int image, int attempt) -> {
                Sequence sequence = sequences.get(id);
                if (sequence != null && sequence.attempt == attempt) {
                    sequence.arrive(image);
                    unpark(sequence);
                }
            }
            case Event.Acknowledged(long id, int tokens) -> acknowledged(id, tokens);
            case Event.Cancelled(long id) -> end(id, new Ending.Cancelled());
            case Event.Failed(long id, Throwable cause) -> end(id, new Ending.Failed(cause));
        }
    }

    private void submit(SequenceSpec spec) {
        int poolTokens = pool.total() * blockTokens;
        Sequence sequence = new Sequence(spec, nextTicket++, blockTokens);
        if (sequences.putIfAbsent(spec.id(), sequence) != null) {
            throw new IllegalArgumentException("request " + spec.id() + " exists already");
        }
        if (spec.maxRows() > poolTokens) {
            end(spec.id(), new Ending.LargerThanPool(spec.maxRows(), poolTokens));
            return;
        }
        waiting.put(sequence.ticket, sequence);
        admit();
        if (sequence.table() == null && waiting.size() > limits.maxWaiting()) {
            end(spec.id(), new Ending.QueueFull(waiting.size() - 1));
        }
    }

    private void stepped(Event.Stepped stepped) {
        Step step = inFlight;
        inFlight = null;
        times.record(step, stepped.elapsedNanos());
        // Before others advance, because the rows of failed parts may be missing from the cache.
        stepped.failed().forEach((id, cause) -> end(id, new Ending.Failed(cause)));
        for (Step.Part part : step.parts()) {
            Sequence sequence = sequences.get(part.id());
            if (sequence != null) {
                sequence.advance(part.rows());
                freeImages(sequence);
            }
        }
        for (Event.Stepped.Sample sample : stepped.samples()) {
            Sequence sequence = sequences.get(sample.id());
            if (sequence != null) {
                sampled(sequence, sample.token());
            }
        }
    }

    private void sampled(Sequence sequence, int token) {
        if (sequence.spec.stopsAt(token)) {
            end(sequence.id(), new Ending.Stopped(sequence.generated()));
            return;
        }
        actions.add(new Action.Deliver(sequence.id(), sequence.generated(), token));
        sequence.append(token);
        sequence.unacknowledged++;
        if (sequence.isComplete()) {
            end(sequence.id(), new Ending.LengthReached(sequence.generated()));
        }
    }

    private void acknowledged(long id, int tokens) {
        Sequence sequence = sequences.get(id);
        if (sequence == null) {
            return;
        }
        sequence.unacknowledged -= tokens;
        if (sequence.unacknowledged < 0) {
            throw new IllegalStateException("request " + id + ": more tokens acknowledged than delivered");
        }
        unpark(sequence);
    }

    /** Moves a parked sequence back to waiting if it can continue. */
    private void unpark(Sequence sequence) {
        boolean idle = planner.isPaused(sequence) || sequence.ready() < sequence.known();
        if (!idle && parked.remove(sequence.ticket) != null) {
            waiting.put(sequence.ticket, sequence);
        }
    }

    private void expire(long nowNanos) {
        List<Long> late = sequences.values().stream()
                .filter(sequence -> sequence.spec.deadlineNanos() - nowNanos <= 0)
                .map(Sequence::id)
                .toList();
        late.forEach(id -> end(id, new Ending.Expired()));
    }

    private long untilDeadline(long nowNanos) {
        long wait = Long.MAX_VALUE;
        for (Sequence sequence : sequences.values()) {
            wait = Math.min(wait, sequence.spec.deadlineNanos() - nowNanos);
        }
        return wait;
    }

    /** Starts waiting sequences in order of arrival, until one cannot start. */
    private void admit() {
        while (!waiting.isEmpty() && start(waiting.firstEntry().getValue())) {
            // starts the next one
        }
    }

    private boolean start(Sequence sequence) {
        if (running.size() == limits.maxRunning() && running.values().stream().noneMatch(this::isIdle)) {
            return false;
        }
        BlockTable table = new BlockTable(pool, prefixes, blockTokens, sequence.spec.salt());
        sequence.start(table);
        int adopted = sequence.adoptPrefix();
        int rows = sequence.reservedRows(limits.reservedTokens());
        if (!fits(table, rows)) {
            makeWay(sequence, rows);
        }
        if (!fits(table, rows)) {
            sequence.giveWay();
            return false;
        }
        table.reserve(rows);
        waiting.remove(sequence.ticket);
        running.put(sequence.ticket, sequence);
        cachedRows += adopted;
        if (!sequence.accepted) {
            sequence.accepted = true;
            actions.add(new Action.Accept(sequence.id(), adopted));
        }
        freeImages(sequence);
        for (int image : sequence.want()) {
            actions.add(new Action.Fetch(sequence.id(), image, sequence.attempt));
        }
        return true;
    }

    private boolean fits(BlockTable table, int rows) {
        return running.size() < limits.maxRunning() && table.canReserve(rows);
    }

    private boolean isIdle(Sequence sequence) {
        return planner.isPaused(sequence) || sequence.isStalled();
    }

    /**
     * Parks sequences that have nothing to compute, if that is enough for this one to start: first those that can be
     * computed again without another process, the youngest first. These are sequences whose readers lag and, if this
     * one has all its images, sequences whose images are missing.
     */
    private void makeWay(Sequence sequence, int rows) {
        List<Sequence> idle = new ArrayList<>();
        int blocks = (rows + blockTokens - 1) / blockTokens - sequence.table().held() - pool.unreserved();
        boolean place = running.size() < limits.maxRunning();
        List<Sequence> candidates = new ArrayList<>(running.descendingMap().values());
        candidates.sort(Comparator.comparing(this::isRecoverable).reversed());
        for (Sequence other : candidates) {
            if (planner.isPaused(other) || sequence.isComputable() && other.isStalled()) {
                idle.add(other);
                blocks -= other.table().held();
                place = true;
            }
            if (place && blocks <= 0) {
                idle.forEach(this::park);
                return;
            }
        }
    }

    private void park(Sequence sequence) {
        if (planner.isPaused(sequence)) {
            preempt(sequence);
            return;
        }
        preemptions++;
        sequence.giveWay();
        running.remove(sequence.ticket);
        parked.put(sequence.ticket, sequence);
    }

    /**
     * Makes room for the next row of a sequence: in its reservation, in unreserved blocks, or by preempting a
     * sequence.
     */
    private boolean makeRoom(Sequence sequence) {
        while (!sequence.table().canGrow(sequence.computed() + 1)) {
            Sequence victim = victim();
            preempt(victim);
            if (victim == sequence) {
                return false;
            }
        }
        return true;
    }

    /** The youngest that has its images, or else the youngest. */
    private Sequence victim() {
        return running.descendingMap().values().stream()
                .filter(this::isRecoverable)
                .findFirst()
                .orElseGet(() -> running.lastEntry().getValue());
    }

    private boolean isRecoverable(Sequence sequence) {
        return sequence.isRecoverable(limits.keptRows() - keptRows);
    }

    private void preempt(Sequence sequence) {
        preemptions++;
        sequence.unkeptImages().forEach(image -> keepOrFree(sequence, image));
        sequence.reset();
        running.remove(sequence.ticket);
        (planner.isPaused(sequence) ? parked : waiting).put(sequence.ticket, sequence);
    }

    private void adoptPrefix(Sequence sequence) {
        int adopted = sequence.adoptPrefix();
        if (adopted > 0) {
            cachedRows += adopted;
            freeImages(sequence);
        }
    }

    private void freeImages(Sequence sequence) {
        sequence.computedImages().forEach(image -> keepOrFree(sequence, image));
    }

    private void keepOrFree(Sequence sequence, int image) {
        int rows = sequence.imageRows(image);
        if (sequence.hasArrived(image) && rows <= limits.keptRows() - keptRows) {
            sequence.keep(image);
            keptRows += rows;
        } else {
            sequence.unwant(image);
            actions.add(new Action.Free(sequence.id(), image));
        }
    }

    private void end(long id, Ending ending) {
        Sequence sequence = sequences.remove(id);
        if (sequence == null) {
            return;
        }
        if (sequence.table() != null) {
            sequence.reset();
        }
        keptRows -= sequence.keptRows();
        waiting.remove(sequence.ticket);
        running.remove(sequence.ticket);
        parked.remove(sequence.ticket);
        actions.add(new Action.End(id, ending));
    }

    /** Without requests, no block may be in use or reserved. */
    private void checkIdle() {
        pool.check();
        if (pool.used() != 0 || pool.reserved() != 0) {
            throw new IllegalStateException(
                    pool.used() + " blocks are in use and " + pool.reserved() + " reserved, but there is no request");
        }
        if (keptRows != 0) {
            throw new IllegalStateException(keptRows + " rows of images are kept, but there is no request");
        }
    }
}
