package org.llavacluster.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.v1.ChatEvent;

/**
 * When the parts of one answer reached the client, in nanoseconds of the clock. The constructor marks the sending of
 * the request.
 */
public final class AnswerTimeline implements Consumer<ChatEvent> {

    private final Clock clock;
    private final long sent;
    private final List<Long> tokens = new ArrayList<>();
    private long started;

    public AnswerTimeline(Clock clock) {
        this.clock = clock;
        this.sent = clock.nanoTime();
        this.started = sent;
    }

    @Override
    public void accept(ChatEvent event) {
        long now = clock.nanoTime();
        switch (event.getEventCase()) {
            case STARTED -> started = now;
            case DELTA -> {
                for (int i = 0; i < event.getDelta().getTokenIdsCount(); i++) {
                    tokens.add(now);
                }
            }
            case FINISHED, CHOICE_FINISHED, EVENT_NOT_SET -> {
                // These carry no token.
            }
        }
    }

    public long sent() {
        return sent;
    }

    /** When the gateway reported that all images were encoded. */
    public long started() {
        return started;
    }

    /** When the tokens arrived, in order. Tokens of one message have the same time. */
    public List<Long> tokens() {
        return List.copyOf(tokens);
    }

    public double encodeSeconds() {
        return (started - sent) * 1e-9;
    }

    /**
     * @throws IllegalStateException if no token arrived
     */
    public double firstTokenSeconds() {
        if (tokens.isEmpty()) {
            throw new IllegalStateException("the answer had no token");
        }
        return (tokens.getFirst() - sent) * 1e-9;
    }

    /** From the first token to the last; 0 with fewer than two. */
    public double tokensPerSecond() {
        return tokens.size() < 2 ? 0 : (tokens.size() - 1) * 1e9 / (tokens.getLast() - tokens.getFirst());
    }
}
