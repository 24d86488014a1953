package org.llavacluster.decoder.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.llavacluster.decoder.scheduler.Action;
import org.llavacluster.decoder.scheduler.Ending;
import org.llavacluster.decoder.scheduler.Event;
import org.llavacluster.decoder.scheduler.Scheduler;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.sampling.Sampler;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.Incident;
import org.llavacluster.node.time.Clock;

/**
 * The thread that drives scheduler and engine. Each turn takes the incoming messages, asks the scheduler, performs its
 * actions and computes the step. If one of the loop's own invariants breaks, all requests fail, the owner is notified
 * and the loop ends.
 */
public final class DecoderLoop implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(DecoderLoop.class);

    /** Longest sleep without work, so that no wait is unbounded. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final Scheduler scheduler;
    private final StepRunner runner;
    private final int maxRequests;
    private final Clock clock;
    private final LoopMetrics metrics;
    private final Consumer<Scheduler> onLoad;
    private final Runnable onBroken;
    private final Thread thread = Thread.ofPlatform().name("decoder-loop").unstarted(this::run);

    /** Bounded by {@code maxRequests} times what each request may send: acknowledgements, images and its end. */
    private final BlockingQueue<LoopMessage> inbox = new LinkedBlockingQueue<>();

    private final AtomicInteger held = new AtomicInteger();
    private final AtomicLong nextId = new AtomicLong();
    private volatile boolean ended;

    // Used on the loop's thread only.
    private final Map<Long, LoopRequest> requests = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private Scheduler.Load published;
    private boolean stopping;

    /**
     * @param maxRequests most requests running or waiting; more are refused at once
     * @param onLoad receives the scheduler's new load on the loop's thread, before the next step
     * @param onBroken runs last, after the loop broke
     */
    public DecoderLoop(
            Scheduler scheduler,
            StepComputer model,
            int vocabulary,
            int maxRequests,
            Clock clock,
            LoopMetrics metrics,
            Consumer<Scheduler> onLoad,
            Runnable onBroken) {
        this.scheduler = scheduler;
        this.runner = new StepRunner(model, new Sampler(vocabulary), clock, metrics);
        this.maxRequests = maxRequests;
        this.clock = clock;
        this.metrics = metrics;
        this.onLoad = onLoad;
        this.onBroken = onBroken;
    }

    public void start() {
        thread.start();
    }

    /**
     * Queues a request. The listener may be called before this returns.
     *
     * @return the id that names the request in the other methods
     * @throws FailureException if there are too many requests, or the loop has ended
     */
    public long submit(Generation generation, long deadlineNanos, GenerationListener listener) {
        if (held.incrementAndGet() > maxRequests) {
            held.decrementAndGet();
            throw new FailureException(
                    new Failure.Overloaded("this decoder has its limit of " + maxRequests + " requests", RETRY_AFTER));
        }
        long id = nextId.getAndIncrement();
        post(new LoopMessage.Submit(id, new LoopRequest(generation, listener, clock.nanoTime()), deadlineNanos));
        return id;
    }

    /** Hands over the embeddings {@code [rows, hidden]} that {@link GenerationListener#fetch} asked for. */
    public void imageArrived(long id, int image, int attempt, HostTensor tensor) {
        post(new LoopMessage.Image(id, image, attempt, tensor));
    }

    /** The reader has received that many tokens. */
    public void acknowledged(long id, int tokens) {
        post(new LoopMessage.Happened(new Event.Acknowledged(id, tokens)));
    }

    public void cancel(long id) {
        post(new LoopMessage.Cancel(id, clock.nanoTime()));
    }

    public void fail(long id, Failure failure) {
        post(new LoopMessage.Happened(new Event.Failed(id, new FailureException(failure))));
    }

    /** Stops the thread after its current step. Remaining requests end with Unavailable. */
    @Override
    public void close() {
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        post(new LoopMessage.Stop());
        try {
            if (!thread.join(STOP_WITHIN)) {
                LOG.errorf(
                        "the decoder stops without waiting for a step that has run for more than %d s",
                        STOP_WITHIN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(LoopMessage message) {
        inbox.add(message);
        if (ended) {
            endLeftovers();
        }
    }

    private void run() {
        Failure reason = new Failure.Unavailable("this decoder is stopping");
        boolean broken = false;
        try {
            long waitNanos = 0;
            while (!stopping) {
                receive(waitNanos);
                waitNanos = turn();
            }
        } catch (Throwable thrown) {
            broken = true;
            String incident = Incident.next();
            LOG.fatalf("incident %s: the decoder's loop broke: %s", incident, Incident.describe(thrown));
            reason = new Failure.Internal(incident);
        }
        ended = true;
        endAll(reason);
        endLeftovers();
        if (broken) {
            onBroken.run();
        }
    }

    /** Waits up to that time for messages, not at all after a step, and takes all of them. */
    private void receive(long waitNanos) throws InterruptedException {
        if (events.isEmpty()) {
            LoopMessage first = inbox.poll(Math.min(LONGEST_WAIT_NANOS, waitNanos), TimeUnit.NANOSECONDS);
            if (first != null) {
                accept(first);
            }
        }
        for (LoopMessage next = inbox.poll(); next != null; next = inbox.poll()) {
            accept(next);
        }
    }

    private void accept(LoopMessage message) {
        switch (message) {
            case LoopMessage.Submit(long id, LoopRequest request, long deadlineNanos) -> {
                requests.put(id, request);
                events.add(new Event.Submitted(request.generation.spec(id, deadlineNanos)));
            }
            case LoopMessage.Image(long id, int image, int attempt, HostTensor tensor) -> {
                LoopRequest request = requests.get(id);
                if (request == null || !request.put(image, attempt, tensor)) {
                    tensor.close();
                } else {
                    events.add(new Event.ImageArrived(id, image, attempt));
                }
            }
            case LoopMessage.Cancel(long id, long atNanos) -> {
                runner.countAbandoned(id, atNanos);
                events.add(new Event.Cancelled(id));
            }
            case LoopMessage.Happened(Event event) -> events.add(event);
            case LoopMessage.Stop() -> stopping = true;
        }
    }

    /** Calls the scheduler once and performs its decision; returns how long to wait for messages. */
    private long turn() {
        Scheduler.Decision decision = scheduler.step(clock.nanoTime(), List.copyOf(events));
        events.clear();
        List<Event> failures = new ArrayList<>(0);
        for (Action action : decision.actions()) {
            perform(action, failures);
        }
        publish();
        decision.step().map(step -> runner.run(step, requests)).ifPresent(events::add);
        events.addAll(failures);
        return decision.waitNanos();
    }

    private void perform(Action action, List<Event> failures) {
        LoopRequest request = requests.get(action.id());
        if (action instanceof Action.End) {
            requests.remove(action.id());
            request.freeAll();
            held.decrementAndGet();
        }
        try {
            switch (action) {
                case Action.Accept(long _, int cachedRows) -> {
                    metrics.waited(clock.nanoTime() - request.submittedNanos);
                    request.listener.accepted(cachedRows);
                }
                case Action.Fetch(long _, int image, int attempt) -> {
                    request.want(image, attempt);
                    request.listener.fetch(image, attempt);
                }
                case Action.Free(long _, int image) -> {
                    request.free(image);
                    request.listener.free(image);
                }
                case Action.Deliver(long _, int index, int _) -> {
                    metrics.token();
                    request.listener.token(index, request.accept());
                }
                case Action.End(long _, Ending ending) -> request.listener.ended(ending);
            }
        } catch (RuntimeException broken) {
            failures.add(new Event.Failed(action.id(), StepRunner.failure("the listener of a request", broken)));
        }
    }

    private void publish() {
        Scheduler.Load load = scheduler.load();
        if (!load.equals(published)) {
            published = load;
            metrics.load(load);
            onLoad.accept(scheduler);
        }
    }

    private void endAll(Failure reason) {
        List<LoopRequest> left = List.copyOf(requests.values());
        requests.clear();
        left.forEach(request -> end(request, reason));
    }

    /** Ends requests that arrived too late for the thread. */
    private void endLeftovers() {
        for (LoopMessage message = inbox.poll(); message != null; message = inbox.poll()) {
            switch (message) {
                case LoopMessage.Submit(long _, LoopRequest request, long _) ->
                    end(request, new Failure.Unavailable("this decoder is stopping"));
                case LoopMessage.Image(long _, int _, int _, HostTensor tensor) -> tensor.close();
                case LoopMessage.Cancel _, LoopMessage.Happened _, LoopMessage.Stop _ -> {}
            }
        }
    }

    private void end(LoopRequest request, Failure reason) {
        held.decrementAndGet();
        try {
            request.freeAll();
            request.listener.ended(new Ending.Failed(new FailureException(reason)));
        } catch (RuntimeException broken) {
            LOG.errorf("the listener of a request failed at its end: %s", Incident.describe(broken));
        }
    }
}
