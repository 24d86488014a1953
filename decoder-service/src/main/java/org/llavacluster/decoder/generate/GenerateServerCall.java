package org.llavacluster.decoder.generate;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.llavacluster.decoder.loop.GenerationListener;
import org.llavacluster.decoder.scheduler.Ending;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.sampling.Sampled;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.failure.Incident;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.trace.CallTrace;
import org.llavacluster.proto.cluster.v1.Accepted;
import org.llavacluster.proto.cluster.v1.Completed;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.cluster.v1.GenerateRequest;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.Missing;
import org.llavacluster.proto.cluster.v1.Moved;
import org.llavacluster.proto.cluster.v1.Source;
import org.llavacluster.proto.cluster.v1.Start;

/**
 * One call of Generate.
 *
 * <p>States: before Start, at work (submitted to the loop), ended by the loop with tokens still to send, closed. gRPC,
 * the loop and the pulls call from their own threads. All their events run one after the other on the serial executor,
 * which alone changes the state and writes to the stream.
 */
final class GenerateServerCall implements StreamObserver<GenerateRequest>, GenerationListener, ImageFetches.Listener {

    private static final Logger LOG = Logger.getLogger(GenerateServerCall.class);

    private static final long NO_ID = -1;

    /** For a call without a deadline. */
    private static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(10);

    private final GenerateService service;
    private final ServerCallStreamObserver<GenerateEvent> reader;
    private final Executor serial;
    private final Context context;
    private final Deadline deadline;

    // Used on the serial executor only.
    private GenerationParser.Parsed request; // this and the next five are null before Start
    private ImageFetches fetches;
    private TokenOutbox outbox;
    private GenerationTimes times;
    private GenerationTrace trace;
    private Ending ending; // null until the loop has ended the request
    private long id = NO_ID;
    private int tokens; // of this call
    private ScheduledFuture<?> patience; // limits the wait for Start, then for the reader after the end of the answer
    private boolean mayMove;
    private boolean closed;

    GenerateServerCall(GenerateService service, ServerCallStreamObserver<GenerateEvent> reader, Executor serial) {
        this.service = service;
        this.reader = reader;
        this.serial = serial;
        this.context = Context.current();
        this.deadline = deadline(context);
        this.patience = after(GenerateService.START_WITHIN.toNanos(), this::startOverdue);
        reader.disableAutoRequest();
        reader.setOnCancelHandler(() -> {
            service.calls().remove(this);
            serially(this::cancelled);
        });
        reader.setOnCloseHandler(() -> service.calls().remove(this));
        reader.setOnReadyHandler(() -> serially(this::settle));
        reader.request(1);
    }

    private static Deadline deadline(Context context) {
        Deadline deadline = context.getDeadline();
        return deadline != null ? deadline : Deadline.after(DEFAULT_DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs a task on the serial executor. An exception ends only this call. */
    private void serially(Runnable task) {
        serial.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException broken) {
                String incident = Incident.next();
                LOG.errorf("incident %s: a call failed: %s", incident, Incident.describe(broken));
                refuse(new Failure.Internal(incident));
            }
        });
    }

    private ScheduledFuture<?> after(long nanos, Runnable task) {
        return service.timers().schedule(() -> serially(task), nanos, TimeUnit.NANOSECONDS);
    }

    // ---- from gRPC

    @Override
    public void onNext(GenerateRequest message) {
        serially(() -> {
            if (closed) {
                return;
            }
            switch (message.getRequestCase()) {
                case START -> start(message.getStart());
                case SOURCE -> source(message.getSource());
                case REQUEST_NOT_SET -> refuse(new Failure.Invalid("request", "request must be start or source"));
            }
            // Requested here, so that further messages wait at the client.
            reader.request(1);
        });
    }

    @Override
    public void onError(Throwable thrown) {
        serially(this::cancelled);
    }

    /** The client will send no more, so it cannot answer Missing. */
    @Override
    public void onCompleted() {
        serially(() -> {
            if (request == null) {
                refuse(new Failure.Invalid("start", "start must come before the end of the client's stream"));
            } else if (fetches != null) {
                fetches.noMoreSources();
            }
        });
    }

    private void start(Start start) {
        if (request != null) {
            refuse(new Failure.Invalid("start", "start must come once"));
            return;
        }
        patience.cancel(false);
        patience = after(deadline.timeRemaining(TimeUnit.NANOSECONDS), this::expired);
        try {
            request = service.parser().parse(start);
            mayMove = start.getMayMove();
            times = new GenerationTimes(service.clock());
            trace = new GenerationTrace(service.tracing(), CallTrace.in(context));
            outbox = new TokenOutbox(request.generation().sampling().topLogprobs() >= 0);
            fetches = new ImageFetches(
                    request.images(), service.puller(), deadline, this::serially, service.timers(), this);
            id = service.loop()
                    .submit(
                            request.generation(),
                            service.clock().nanoTime() + deadline.timeRemaining(TimeUnit.NANOSECONDS),
                            this);
            if (service.calls().moving()) {
                move();
            }
        } catch (FailureException refused) {
            refuse(refused.failure());
        }
    }

    private void source(Source source) {
        if (request == null) {
            refuse(new Failure.Invalid("start", "start must come before source"));
        } else {
            context.run(() -> fetches.source(source));
        }
    }

    /** Hands the request over, if its caller can resume it elsewhere. From any thread. */
    void moveElsewhere() {
        serially(this::move);
    }

    /** An answer that is complete already is sent from here. */
    private void move() {
        if (!closed && mayMove && ending == null) {
            send(GenerateEvent.newBuilder().setMoved(Moved.getDefaultInstance()));
            close();
            reader.onCompleted();
        }
    }

    private void startOverdue() {
        if (request == null && !closed) {
            close();
            Failure late = new Failure.Cancelled(
                    "start did not arrive within " + GenerateService.START_WITHIN.toSeconds() + " s");
            reader.onError(GrpcFailures.toStatus(late, RefusalReason.FIRST_MESSAGE));
        }
    }

    /** The loop ends the requests it works on at their deadline; this ends an answer that the client does not read. */
    private void expired() {
        refuse(EndingFailures.failure(new Ending.Expired()));
    }

    private void cancelled() {
        if (!closed) {
            close();
        }
    }

    // ---- from the loop, on its thread

    @Override
    public void accepted(int cachedRows) {
        serially(() -> {
            int rows = request.generation().prompt().rows();
            trace.accepted(rows, cachedRows);
            send(GenerateEvent.newBuilder()
                    .setAccepted(Accepted.newBuilder()
                            .setNumericsId(service.parser().numericsId())
                            .setPromptTokens(rows)
                            .setCachedTokens(cachedRows)));
        });
    }

    @Override
    public void fetch(int image, int attempt) {
        serially(() -> {
            if (!closed) {
                context.run(() -> fetches.fetch(image, attempt));
            }
        });
    }

    @Override
    public void free(int image) {
        serially(() -> fetches.stop(image));
    }

    @Override
    public void token(int index, Sampled token) {
        serially(() -> {
            times.token();
            trace.token();
            tokens++;
            outbox.add(index, token);
            settle();
        });
    }

    @Override
    public void ended(Ending how) {
        serially(() -> {
            ending = how;
            fetches.stopAll();
            settle();
        });
    }

    // ---- from the image fetches

    @Override
    public void arrived(int image, int attempt, HostTensor tensor) {
        times.embeddings();
        service.loop().imageArrived(id, image, attempt, tensor);
    }

    @Override
    public void missing(ImageReference image, boolean unreachable) {
        send(GenerateEvent.newBuilder()
                .setMissing(Missing.newBuilder()
                        .setEmbeddingKey(image.getEmbeddingKey())
                        .setFeatureKey(image.getFeatureKey())
                        .setUnreachable(unreachable)));
    }

    @Override
    public void failed(Failure failure) {
        service.loop().fail(id, failure);
    }

    // ---- to gRPC

    /** Sends the tokens that the transport is ready for, and the end after the last one. */
    private void settle() {
        if (closed || outbox == null) {
            return;
        }
        int sent = outbox.flush(reader);
        if (sent > 0 && ending == null) {
            service.loop().acknowledged(id, sent);
        }
        switch (ending) {
            case null -> {}
            case Ending.Stopped(int generated) -> complete(Completed.Reason.REASON_STOP, generated);
            case Ending.LengthReached(int generated) -> complete(Completed.Reason.REASON_LENGTH, generated);
            case Ending.Cancelled _, Ending.Expired _, Ending.QueueFull _, Ending.LargerThanPool _, Ending.Failed _ ->
                refuse(EndingFailures.failure(ending));
        }
    }

    private void complete(Completed.Reason reason, int generated) {
        if (outbox.isEmpty()) {
            send(GenerateEvent.newBuilder().setCompleted(times.completed(reason, generated)));
            close();
            reader.onCompleted();
        }
    }

    /** Sends one of the few small events that do not wait until the transport is ready. */
    private void send(GenerateEvent.Builder event) {
        if (!closed) {
            reader.onNext(event.build());
        }
    }

    private void refuse(Failure failure) {
        if (!closed) {
            close();
            reader.onError(GrpcFailures.toStatus(failure));
        }
    }

    /** Frees everything that the call holds. Only the end of the stream is sent after this. */
    private void close() {
        closed = true;
        patience.cancel(false);
        if (trace != null) {
            trace.ended(tokens);
        }
        if (fetches != null) {
            fetches.stopAll();
        }
        if (id != NO_ID && ending == null) {
            service.loop().cancel(id);
        }
    }
}
