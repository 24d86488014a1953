package org.llavacluster.cli.client;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.function.Consumer;
import org.llavacluster.cli.CliException;
import org.llavacluster.proto.v1.ChatEvent;

/** An answer that is on its way. One thread reads it, any other may end it. */
public final class AnswerCall {

    private final String address;
    private final BlockingClientCall<?, ChatEvent> call;
    private volatile boolean ended;

    AnswerCall(String address, BlockingClientCall<?, ChatEvent> call) {
        this.address = address;
        this.call = call;
    }

    /** Hands on the events as they come, until the answer is whole or has been ended by {@link #end}. */
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

    /** Asks for no more of it; what has come stays. */
    public void end() {
        ended = true;
        call.cancel("ended by the person at the terminal", null);
    }

    /** Whether it was ended before it was whole. */
    public boolean ended() {
        return ended;
    }
}
