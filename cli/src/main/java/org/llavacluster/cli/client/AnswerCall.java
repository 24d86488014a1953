package org.llavacluster.cli.client;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.function.Consumer;
import org.llavacluster.cli.CliException;
import org.llavacluster.proto.v1.ChatEvent;

/** An answer in progress. One thread reads it, others may end it. */
public final class AnswerCall {

    private final String address;
    private final BlockingClientCall<?, ChatEvent> call;
    private volatile boolean ended;

    AnswerCall(String address, BlockingClientCall<?, ChatEvent> call) {
        this.address = address;
        this.call = call;
    }

    /** Passes on the events as they arrive, until the answer is complete or {@link #end} is called. */
    public void forEach(Consumer<ChatEvent> events) {
        try {
            for (ChatEvent event = call.read(); event != null; event = call.read()) {
                events.accept(event);
            }
        } catch (StatusException e) {
            if (!ended) {
                throw GatewayFailures.of(address, e.getStatus(), e);
            }
        } catch (InterruptedException e) {
            call.cancel("interrupted", e);
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }

    /** Stops the answer; received events stay. */
    public void end() {
        ended = true;
        call.cancel("ended by the user", null);
    }

    /** Whether it was ended before it was complete. */
    public boolean ended() {
        return ended;
    }
}
