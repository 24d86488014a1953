package org.llavacluster.cli.soak;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.OptionalLong;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.Pause;
import org.llavacluster.cli.client.AnswerCall;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.Message;
import org.llavacluster.proto.v1.Part;

/** Requests over gRPC. */
final class GrpcSoakClient implements SoakClient {

    private final GatewayClient gateway;
    private final Duration patience;
    private final Clock clock;

    /**
     * @param gateway closed with this
     * @param patience after which a request that has not ended counts as one that never does
     */
    GrpcSoakClient(GatewayClient gateway, Duration patience, Clock clock) {
        this.gateway = gateway;
        this.patience = patience;
        this.clock = clock;
    }

    @Override
    public SoakOutcome ask(SoakRequest.Ask request) {
        try {
            ChatRequest chat = request.stored()
                    .map(file -> withStored(request.chat(), gateway.put(file)))
                    .orElse(request.chat());
            return read(chat, request.reading());
        } catch (CliException e) {
            return refused(e);
        }
    }

    @Override
    public SoakOutcome send(SoakRequest.Wrong request) {
        try {
            return read(request.what().chat(request.number()), new SoakReading.Whole());
        } catch (CliException e) {
            return refused(e);
        }
    }

    private SoakOutcome read(ChatRequest chat, SoakReading reading) {
        AnswerCall call = gateway.start(chat, patience);
        Events events = new Events(call, reading);
        if (reading instanceof SoakReading.Leaving(int most) && most == 0) {
            call.end();
        }
        call.forEach(events::add);
        return events.outcome();
    }

    private final class Events {

        private final AnswerCall call;
        private final SoakReading reading;
        private final StringBuilder text = new StringBuilder();
        private int count;
        private int ends;
        private boolean afterEnd;
        private OptionalLong firstToken = OptionalLong.empty();

        Events(AnswerCall call, SoakReading reading) {
            this.call = call;
            this.reading = reading;
        }

        void add(ChatEvent event) {
            count++;
            afterEnd |= ends > 0;
            switch (event.getEventCase()) {
                case DELTA -> {
                    if (firstToken.isEmpty()) {
                        firstToken = OptionalLong.of(clock.nanoTime());
                    }
                    text.append(event.getDelta().getText());
                }
                case FINISHED -> ends++;
                case STARTED, CHOICE_FINISHED, EVENT_NOT_SET -> {
                    // Neither text nor an end.
                }
            }
            switch (reading) {
                case SoakReading.Whole() -> {
                    // The next event at once.
                }
                case SoakReading.Slowly(Duration pause) -> Pause.of(pause, clock);
                case SoakReading.Leaving(int most) -> {
                    if (count >= most) {
                        call.end();
                    }
                }
            }
        }

        SoakOutcome outcome() {
            if (call.ended()) {
                return new SoakOutcome.Left();
            }
            if (ends != 1 || afterEnd) {
                return new SoakOutcome.WrongEnd(
                        "gRPC: finished " + ends + " times" + (afterEnd ? ", events after" : ""));
            }
            return new SoakOutcome.Answered(text.toString(), firstToken);
        }
    }

    private static SoakOutcome refused(CliException e) {
        if (!(e.getCause() instanceof StatusException cause)) {
            return new SoakOutcome.WrongEnd("gRPC: " + e.getMessage());
        }
        Status.Code code = cause.getStatus().getCode();
        return code == Status.Code.DEADLINE_EXCEEDED
                ? new SoakOutcome.WrongEnd("gRPC: no end in time")
                : new SoakOutcome.Refused(code.name());
    }

    /** The same conversation, whose first message shows a stored image before all else. */
    private static ChatRequest withStored(ChatRequest chat, ByteString id) {
        Message first = chat.getConversation().getMessages(0);
        Message.Builder shown = first.toBuilder()
                .clearParts()
                .addParts(Part.newBuilder().setImage(Image.newBuilder().setId(id)))
                .addAllParts(first.getPartsList());
        ChatRequest.Builder changed = chat.toBuilder();
        changed.getConversationBuilder().setMessages(0, shown);
        return changed.build();
    }

    @Override
    public void close() {
        gateway.close();
    }
}
