package org.llavacluster.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.v1.ChatRequest;

/** A client that reads one answer after the other until it is closed, and records when each token arrived. */
final class RunningStream implements AutoCloseable {

    private static final long POLL_MILLIS = 1000;

    private final Clock clock;
    private final GatewayClient client;
    private final Supplier<ChatRequest> requests;
    private final List<List<Long>> answers = new ArrayList<>();
    private final Thread thread;
    private long tokens;
    private boolean closed;
    private CliException failure;

    private RunningStream(Clock clock, String target, Supplier<ChatRequest> requests) {
        this.clock = clock;
        this.client = new GatewayClient(target);
        this.requests = requests;
        this.thread = Thread.ofPlatform().name("stream").unstarted(this::run);
    }

    /** @param target the gateway's {@code HOST:PORT} */
    static RunningStream start(Clock clock, String target, Supplier<ChatRequest> requests) {
        RunningStream stream = new RunningStream(clock, target, requests);
        stream.thread.start();
        return stream;
    }

    /** Waits for that many further tokens. */
    synchronized void await(int more, Duration patience) {
        long wanted = tokens + more;
        long start = clock.nanoTime();
        while (tokens < wanted) {
            if (failure != null) {
                throw failure;
            }
            if (clock.nanoTime() - start > patience.toNanos()) {
                throw new CliException("a stream delivered only " + (more - (wanted - tokens)) + " of " + more
                        + " tokens in " + patience.toSeconds() + " s");
            }
            try {
                wait(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CliException("interrupted", e);
            }
        }
    }

    /** The waits from token to token within answers. */
    synchronized List<TokenWait> waits() {
        return answers.stream()
                .flatMap(answer -> TokenWait.between(answer).stream())
                .toList();
    }

    private void run() {
        try {
            while (begin()) {
                client.chat(requests.get(), event -> took(event.getDelta().getTokenIdsCount()));
            }
        } catch (CliException e) {
            failed(e);
        }
    }

    private synchronized boolean begin() {
        answers.add(new ArrayList<>());
        return !closed;
    }

    private synchronized void took(int count) {
        long now = clock.nanoTime();
        for (int i = 0; i < count; i++) {
            answers.getLast().add(now);
        }
        tokens += count;
        notifyAll();
    }

    /** A call that {@link #close} cuts off fails like any other. */
    private synchronized void failed(CliException e) {
        if (!closed) {
            failure = e;
            notifyAll();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        client.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
