package org.llavacluster.cli.serve;

import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.client.AnswerCall;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.Finished;

/**
 * Sends requests over gRPC, by turns on several connections, because a connection carries a limited number of calls.
 */
final class ServeClient {

    private final List<GatewayClient> connections;
    private final Duration deadline;
    private final Clock clock;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * @param deadline of each request
     */
    ServeClient(List<GatewayClient> connections, Duration deadline, Clock clock) {
        this.connections = List.copyOf(connections);
        this.deadline = deadline;
        this.clock = clock;
    }

    /**
     * Sends a request and waits for its end.
     *
     * @param due when it was to be sent, on the clock
     */
    ServeEnd ask(ServeRequest request, long due) {
        GatewayClient connection = connections.get(Math.floorMod(turn.getAndIncrement(), connections.size()));
        try {
            AnswerCall call = connection.start(request.chat(), deadline);
            if (request.leaveAfter().orElse(1) == 0) {
                call.end();
            }
            Reader reader = new Reader(request, call);
            call.forEach(reader::add);
            return reader.end(due);
        } catch (CliException e) {
            return refused(e, due);
        }
    }

    private ServeEnd refused(CliException e, long due) {
        if (!(e.getCause() instanceof StatusException cause)) {
            return new ServeEnd.Failed(e.getMessage());
        }
        Status.Code code = cause.getStatus().getCode();
        return switch (code) {
            case RESOURCE_EXHAUSTED, UNAVAILABLE -> new ServeEnd.Refused(clock.nanoTime() - due);
            default -> new ServeEnd.Failed(code.name());
        };
    }

    private final class Reader {

        private final ServeRequest request;
        private final AnswerCall call;
        private long firstToken;
        private int tokens;
        private Finished finished;

        Reader(ServeRequest request, AnswerCall call) {
            this.request = request;
            this.call = call;
        }

        void add(ChatEvent event) {
            if (event.hasDelta()) {
                if (tokens == 0) {
                    firstToken = clock.nanoTime();
                }
                tokens += event.getDelta().getTokenIdsCount();
                request.leaveAfter().ifPresent(most -> {
                    if (tokens >= most) {
                        call.end();
                    }
                });
            } else if (event.hasFinished()) {
                finished = event.getFinished();
            }
        }

        ServeEnd end(long due) {
            if (call.ended()) {
                return new ServeEnd.Left();
            }
            if (finished == null || tokens == 0) {
                return new ServeEnd.Failed("a stream without its end");
            }
            long encoded = finished.getTimings().getEncodeMicros() * 1_000;
            return new ServeEnd.Answered(encoded, firstToken - due, clock.nanoTime() - due, tokens);
        }
    }
}
