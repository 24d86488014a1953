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
 * The one thread that drives the scheduler and the engine: it takes what came in, asks the scheduler, does what that says, and
 * computes the step. If an invariant of its own breaks, all requests fail and the owner is told; it never goes on half alive.
 */
public final class DecoderLoop implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(DecoderLoop.class);

    /** A sleep without work is cut into pieces of this length: no wait without an end. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final Scheduler scheduler;
    private final StepRunner runner;
    private final Runnable firstRuns;
    private final int maxRequests;
    private final Clock clock;
    private final LoopMetrics metrics;
    private final Consumer<Scheduler> onLoad;
    private final Runnable onBroken;
    private final Thread thread = Thread.ofPlatform().name("decoder-loop").unstarted(this::run);

    /** Bounded by {@code maxRequests} and by what each may send: its tokens taken, its images, its end. */
    private final BlockingQueue<Message> inbox = new LinkedBlockingQueue<>();

    private final AtomicInteger held = new AtomicInteger();
    private final AtomicLong nextId = new AtomicLong();
    private volatile boolean ended;

    // The loop's thread only.
    private final Map<Long, Request> requests = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private Scheduler.Load published;
    private boolean stopping;

    /**
     * @param firstRuns of the model, before any request's: they are not what a step usually takes
     * @param maxRequests at work or waiting; more are refused at once
     * @param onLoad told of the scheduler's new load, on the loop's thread, before the step that follows
     * @param onBroken runs last when the loop broke
     */
    public DecoderLoop(
            Scheduler scheduler,
            StepComputer model,
            Runnable firstRuns,
            int vocabulary,
            int maxRequests,
            Clock clock,
            LoopMetrics metrics,
            Consumer<Scheduler> onLoad,
            Runnable onBroken) {
        this.scheduler = scheduler;
        this.runner = new StepRunner(model, new Sampler(vocabulary), clock, metrics);
        this.firstRuns = firstRuns;
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
     * Queues a request; the listener's calls may begin before this returns.
     *
     * @return what the other methods name it by
     * @throws FailureException if there are too many, or the loop has ended
     */
    public long submit(Generation generation, long deadlineNanos, GenerationListener listener) {
        if (held.incrementAndGet() > maxRequests) {
            held.decrementAndGet();
            throw new FailureException(
                    new Failure.Overloaded("this decoder has its limit of " + maxRequests + " requests", RETRY_AFTER));
        }
        long id = nextId.getAndIncrement();
        post(new Message.Submit(id, new Request(generation, listener, clock.nanoTime()), deadlineNanos));
        return id;
    }

    /** Hands over the embeddings {@code [rows, hidden]} that {@link GenerationListener#fetch} asked for. */
    public void imageArrived(long id, int image, int attempt, HostTensor tensor) {
        post(new Message.Image(id, image, attempt, tensor));
    }

    /** The reader has taken so many tokens. */
    public void taken(long id, int tokens) {
        post(new Message.Happened(new Event.Taken(id, tokens)));
    }

    public void cancel(long id) {
        post(new Message.Happened(new Event.Cancelled(id)));
    }

    public void fail(long id, Failure failure) {
        post(new Message.Happened(new Event.Failed(id, new FailureException(failure))));
    }

    /** Ends what is left with Unavailable and stops the thread, after the step that it computes. */
    @Override
    public void close() {
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        post(new Message.Stop());
        try {
            if (!thread.join(STOP_WITHIN)) {
                LOG.errorf("a step takes longer than %d s: the decoder stops without it", STOP_WITHIN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(Message message) {
        inbox.add(message);
        if (ended) {
            endLeftovers();
        }
    }

    private void run() {
        Failure reason = new Failure.Unavailable("this decoder stops");
        boolean broken = false;
        try {
            firstRuns.run();
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

    /** Waits for messages for that time at most, not at all where a step has just ended, and takes all that are there. */
    private void receive(long waitNanos) throws InterruptedException {
        if (events.isEmpty()) {
            Message first = inbox.poll(Math.min(LONGEST_WAIT_NANOS, waitNanos), TimeUnit.NANOSECONDS);
            if (first != null) {
                accept(first);
            }
        }
        for (Message next = inbox.poll(); next != null; next = inbox.poll()) {
            accept(next);
        }
    }

    private void accept(Message message) {
        switch (message) {
            case Message.Submit(long id, Request request, long deadlineNanos) -> {
                requests.put(id, request);
                events.add(new Event.Submitted(request.generation.spec(id, deadlineNanos)));
            }
            case Message.Image(long id, int image, int attempt, HostTensor tensor) -> {
                Request request = requests.get(id);
                if (request == null || !request.put(image, attempt, tensor)) {
                    tensor.close();
                } else {
                    events.add(new Event.ImageArrived(id, image, attempt));
                }
            }
            case Message.Happened(Event event) -> events.add(event);
            case Message.Stop() -> stopping = true;
        }
    }

    /** One call of the scheduler and what follows from it; how long to wait for messages then. */
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
        Request request = requests.get(action.id());
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
            failures.add(new Event.Failed(action.id(), StepRunner.failure("telling a request", broken)));
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
        List<Request> left = List.copyOf(requests.values());
        requests.clear();
        left.forEach(request -> end(request, reason));
    }

    /** What came in too late for the thread. */
    private void endLeftovers() {
        for (Message message = inbox.poll(); message != null; message = inbox.poll()) {
            switch (message) {
                case Message.Submit(long _, Request request, long _) ->
                    end(request, new Failure.Unavailable("this decoder stops"));
                case Message.Image(long _, int _, int _, HostTensor tensor) -> tensor.close();
                case Message.Happened _, Message.Stop _ -> {}
            }
        }
    }

    private void end(Request request, Failure reason) {
        held.decrementAndGet();
        try {
            request.freeAll();
            request.listener.ended(new Ending.Failed(new FailureException(reason)));
        } catch (RuntimeException broken) {
            LOG.errorf("a request could not be told of its end: %s", Incident.describe(broken));
        }
    }
}
