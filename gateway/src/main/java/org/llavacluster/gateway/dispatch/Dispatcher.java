package org.llavacluster.gateway.dispatch;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.llavacluster.gateway.failure.Incidents;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.node.metrics.AbandonedWork;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.watch.NodeWatcher;
import org.llavacluster.scheduling.ClusterAction;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.ClusterLimits;
import org.llavacluster.scheduling.ClusterScheduler;
import org.llavacluster.scheduling.RequestSpec;
import org.llavacluster.scheduling.SchedulerLoad;
import org.llavacluster.scheduling.name.ContentDigest;

/**
 * Runs the scheduler. Events come from any thread; whichever finds it idle lets the scheduler decide on all that have
 * come, one after the other, and does what it says. So nobody waits for it, and everything in it has one thread at a
 * time.
 *
 * <p>An error of the scheduler ends all requests with an incident. A new scheduler then begins with the workers that
 * are there.
 */
public final class Dispatcher implements AutoCloseable {

    private static final Duration FULL_RETRY = Duration.ofSeconds(1);

    /** What has come: an event, and the request that begins with it. */
    private record Arrival(ClusterEvent event, Optional<DispatchedRequest> begun) {}

    private final ClusterLimits limits;
    private final Clock clock;
    private final ScheduledExecutorService timers;
    private final WorkerReports workers;
    private final EncodeBatches batches;
    private final List<Subscription> subscriptions;

    private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unhandled = new AtomicInteger();
    private final AtomicLong ids = new AtomicLong();

    // Used by the thread that handles arrivals.
    private final Map<Long, DispatchedRequest> requests = new HashMap<>();
    private ClusterScheduler scheduler;
    private ScheduledFuture<?> wakeUp;
    private long wakeUpNanos;

    private volatile SchedulerLoad load;

    /**
     * @param encodeTime limit of a call to a vision node: at least the longest deadline of a request
     * @param abandoned has the stage of encoding
     */
    public Dispatcher(
            ClusterLimits limits,
            NodeWatcher watcher,
            WorkerChannels channels,
            Duration encodeTime,
            AbandonedWork abandoned,
            ScheduledExecutorService timers,
            Clock clock) {
        this.limits = limits;
        this.clock = clock;
        this.timers = timers;
        this.scheduler = new ClusterScheduler(limits);
        this.load = scheduler.load();
        this.workers = new WorkerReports(watcher, this::tell);
        this.batches = new EncodeBatches(channels, encodeTime, this::tell, abandoned, clock);
        this.subscriptions = List.of(watcher.onChange(workers::changed), watcher.onPresence(workers::changed));
        workers.changed();
    }

    /**
     * A request begins.
     *
     * @param spec made with the id that it gets
     * @param wake called when there is something to do for it, on any thread
     */
    public DispatchedRequest submit(LongFunction<RequestSpec> spec, List<DispatchedImage> images, Runnable wake) {
        long id = ids.getAndIncrement();
        DispatchedRequest request = new DispatchedRequest(id, images, this, wake);
        arrive(new Arrival(new ClusterEvent.Submitted(spec.apply(id)), Optional.of(request)));
        return request;
    }

    /** The worker of that id, while it is there in that epoch. */
    public Optional<KnownWorker> worker(String id, long epoch) {
        return workers.find(id).filter(known -> known.epoch().epoch() == epoch);
    }

    /** Why an image cannot be read. */
    public String refusal(ContentDigest featureKey) {
        return batches.refusal(featureKey);
    }

    /**
     * Why a request is refused before it is read: both queues are full. While only one is, what a request says decides
     * whether it or another one is refused.
     */
    public Optional<Failure> full() {
        SchedulerLoad now = load;
        boolean full = now.waitingForVision() >= limits.maxWaiting()
                && now.waitingForDecoders() - now.furtherWaiting() >= limits.maxWaiting();
        return full
                ? Optional.of(new Failure.Overloaded(
                        limits.maxWaiting() + " requests wait for vision nodes and as many for decoders, the most at"
                                + " once",
                        FULL_RETRY))
                : Optional.empty();
    }

    /** What the scheduler holds, as of its last decision. */
    public SchedulerLoad load() {
        return load;
    }

    public ClusterLimits limits() {
        return limits;
    }

    void tell(ClusterEvent event) {
        arrive(new Arrival(event, Optional.empty()));
    }

    private void arrive(Arrival arrival) {
        arrivals.add(arrival);
        handleArrivals();
    }

    private void handleArrivals() {
        if (unhandled.getAndIncrement() != 0) {
            return;
        }
        int seen;
        do {
            seen = unhandled.get();
            long waitNanos = Long.MAX_VALUE;
            Arrival next = arrivals.poll();
            if (next == null) {
                waitNanos = decide(List.of());
            }
            while (next != null) {
                waitNanos = handle(next);
                next = arrivals.poll();
            }
            load = scheduler.load();
            wakeUpIn(waitNanos);
        } while (unhandled.addAndGet(-seen) != 0);
    }

    private long handle(Arrival arrival) {
        arrival.begun().ifPresent(begun -> {
            requests.put(begun.id(), begun);
            batches.hold(begun.images());
        });
        switch (arrival.event()) {
            case ClusterEvent.BatchEnded(long batch, boolean _) -> batches.ended(batch);
            case ClusterEvent.ImageEncoded(long batch, ContentDigest key) -> batches.done(batch, key);
            case ClusterEvent.ImageRefused(long batch, ContentDigest key) -> batches.done(batch, key);
            default -> {
                // Of no batch.
            }
        }
        return decide(List.of(arrival.event()));
    }

    /** Returns the time after which the scheduler wants to be asked again. */
    private long decide(List<ClusterEvent> events) {
        try {
            ClusterScheduler.Decision decision = scheduler.step(clock.nanoTime(), events);
            decision.actions().forEach(this::perform);
            return decision.waitNanos();
        } catch (RuntimeException e) {
            beginAnew(Incidents.report(e).failure());
            return Long.MAX_VALUE;
        }
    }

    private void beginAnew(Failure incident) {
        requests.values().forEach(request -> request.fail(incident));
        requests.values().forEach(request -> batches.release(request.images()));
        requests.clear();
        batches.close();
        scheduler = new ClusterScheduler(limits);
        workers.reportAgain();
    }

    private void perform(ClusterAction action) {
        switch (action) {
            case ClusterAction.Encode encode ->
                batches.start(encode, worker(encode.worker(), encode.epoch()).map(KnownWorker::member));
            case ClusterAction.DropImage(long batch, ContentDigest key) -> batches.drop(batch, key);
            case ClusterAction.DropBatch(long batch) -> batches.drop(batch);
            case ClusterAction.Generate generate -> pass(generate.id(), generate);
            case ClusterAction.ImagesReady ready -> pass(ready.id(), ready);
            case ClusterAction.Resupply resupply -> pass(resupply.id(), resupply);
            case ClusterAction.Abandon abandon -> pass(abandon.id(), abandon);
            case ClusterAction.End end -> {
                DispatchedRequest ended = requests.remove(end.id());
                batches.release(ended.images());
                ended.add(end);
            }
        }
    }

    private void pass(long id, ClusterAction action) {
        DispatchedRequest request = requests.get(id);
        if (request != null) { // Its end may be among the same actions.
            request.add(action);
        }
    }

    private void wakeUpIn(long waitNanos) {
        if (waitNanos == Long.MAX_VALUE) {
            return;
        }
        long now = clock.nanoTime();
        long due = now + waitNanos;
        if (wakeUp != null && !wakeUp.isDone() && wakeUpNanos - due <= 0) {
            return;
        }
        if (wakeUp != null) {
            wakeUp.cancel(false);
        }
        wakeUpNanos = due;
        try {
            wakeUp = timers.schedule(this::handleArrivals, waitNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The process is shutting down, and its requests have ended.
            wakeUp = null;
        }
    }

    /** Requests must have ended before. */
    @Override
    public void close() {
        subscriptions.forEach(Subscription::close);
    }
}
