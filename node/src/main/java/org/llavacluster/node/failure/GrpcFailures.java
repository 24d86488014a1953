package org.llavacluster.node.failure;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;
import org.llavacluster.node.metrics.RefusalReason;

/**
 * Failures as gRPC statuses and back.
 *
 * <p>On the wire a failure is a status code and a message with, in {@code grpc-status-details-bin}, a {@code
 * google.rpc.ErrorInfo} of this project's domain that names the kind; a {@code google.rpc.BadRequest} with the field at
 * fault if the kind has one; and a {@code google.rpc.RetryInfo} with the delay of {@code Overloaded}. The delay is also
 * in the trailer {@code grpc-retry-pushback-ms}, which gRPC's own retries follow; it is -1 for {@code TooLarge},
 * because a retry would not help.
 */
public final class GrpcFailures {

    /** Read by a client's retry policy: milliseconds to wait, or a negative number to give up. */
    public static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    /** The field of a request that names the model, in every API. */
    public static final String MODEL = "model";

    private static final String DOMAIN = "llavacluster.org";

    private GrpcFailures() {}

    /** The status code of a failure. */
    public static Status.Code code(Failure failure) {
        return switch (failure) {
            case Failure.Invalid _, Failure.ContextExceeded _ -> Status.Code.INVALID_ARGUMENT;
            case Failure.TooLarge _, Failure.Overloaded _ -> Status.Code.RESOURCE_EXHAUSTED;
            case Failure.Unavailable _ -> Status.Code.UNAVAILABLE;
            case Failure.Aborted _ -> Status.Code.ABORTED;
            case Failure.Corrupt _ -> Status.Code.DATA_LOSS;
            case Failure.Precondition _ -> Status.Code.FAILED_PRECONDITION;
            case Failure.NotFound _, Failure.UnknownModel _ -> Status.Code.NOT_FOUND;
            case Failure.Unsupported _ -> Status.Code.UNIMPLEMENTED;
            case Failure.Expired _ -> Status.Code.DEADLINE_EXCEEDED;
            case Failure.Cancelled _ -> Status.Code.CANCELLED;
            case Failure.Internal _ -> Status.Code.INTERNAL;
        };
    }

    /** The status of a failure, with its trailers. */
    public static StatusRuntimeException toStatus(Failure failure) {
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(code(failure).value())
                .setMessage(failure.message())
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(failure.getClass().getSimpleName())
                        .build()));
        Metadata trailers = new Metadata();
        switch (failure) {
            case Failure.Invalid(String field, String message) -> status.addDetails(violation(field, message));
            case Failure.ContextExceeded(String field, String message) -> status.addDetails(violation(field, message));
            case Failure.UnknownModel(String message) -> status.addDetails(violation(MODEL, message));
            case Failure.TooLarge(String field, String message) -> {
                status.addDetails(violation(field, message));
                trailers.put(PUSHBACK, "-1");
            }
            case Failure.Overloaded(String _, Duration retryAfter) -> {
                status.addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(com.google.protobuf.Duration.newBuilder()
                                .setSeconds(retryAfter.getSeconds())
                                .setNanos(retryAfter.getNano()))
                        .build()));
                trailers.put(PUSHBACK, Long.toString(retryAfter.toMillis()));
            }
            case Failure.Unavailable _,
                    Failure.Aborted _,
                    Failure.Corrupt _,
                    Failure.Precondition _,
                    Failure.NotFound _,
                    Failure.Unsupported _,
                    Failure.Expired _,
                    Failure.Cancelled _,
                    Failure.Internal _ -> {}
        }
        return StatusProto.toStatusRuntimeException(status.build(), trailers);
    }

    /** {@link #toStatus(Failure)} for a call that a server refuses and counts for that reason. */
    public static StatusRuntimeException toStatus(Failure failure, RefusalReason reason) {
        StatusRuntimeException status = toStatus(failure);
        return new StatusRuntimeException(status.getStatus().withCause(new RefusalCause(reason)), status.getTrailers());
    }

    private static Any violation(String field, String message) {
        return Any.pack(BadRequest.newBuilder()
                .addFieldViolations(
                        BadRequest.FieldViolation.newBuilder().setField(field).setDescription(message))
                .build());
    }

    /**
     * The failure that a status stands for. The message of another sender is replaced, because libraries put addresses
     * in theirs.
     *
     * @param trailers null if there are none
     */
    public static Failure of(Status status, Metadata trailers) {
        if (status.getCode() == Status.Code.CANCELLED && status.getCause() instanceof StatusRuntimeException unread) {
            // The marshaller refused a message: gRPC cancels the call and keeps the reason as the cause.
            return of(unread.getStatus(), unread.getTrailers());
        }
        com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
        String kind = detail(details, ErrorInfo.class)
                .filter(info -> info.getDomain().equals(DOMAIN))
                .map(ErrorInfo::getReason)
                .orElse("");
        boolean ours = !kind.isEmpty();
        String text = status.getDescription() == null ? "" : status.getDescription();
        return switch (status.getCode()) {
            case OK -> throw new IllegalArgumentException("OK is no failure");
            case INVALID_ARGUMENT, OUT_OF_RANGE ->
                kind.equals(Failure.ContextExceeded.class.getSimpleName())
                        ? new Failure.ContextExceeded(field(details), text)
                        : new Failure.Invalid(field(details), ours ? text : "the request was refused");
            case RESOURCE_EXHAUSTED -> exhausted(details, trailers, ours ? text : "a limit was exceeded");
            case UNAVAILABLE -> new Failure.Unavailable(ours ? text : "the worker cannot be reached");
            case ABORTED -> new Failure.Aborted(ours ? text : "the call was broken off");
            case DATA_LOSS -> new Failure.Corrupt(ours ? text : "the received data differs from what was sent");
            case FAILED_PRECONDITION, ALREADY_EXISTS, UNAUTHENTICATED, PERMISSION_DENIED ->
                new Failure.Precondition(ours ? text : "the worker cannot accept the call in its present state");
            case NOT_FOUND ->
                kind.equals(Failure.UnknownModel.class.getSimpleName())
                        ? new Failure.UnknownModel(text)
                        : new Failure.NotFound(ours ? text : "not found");
            case UNIMPLEMENTED -> new Failure.Unsupported(ours ? text : "the worker does not know the call");
            case DEADLINE_EXCEEDED -> new Failure.Expired(ours ? text : "the deadline is over");
            case CANCELLED -> new Failure.Cancelled(ours ? text : "the call was cancelled");
            case INTERNAL, UNKNOWN ->
                new Failure.Internal(ours ? text.substring(text.lastIndexOf(' ') + 1) : Incident.next());
        };
    }

    /** The failure that an exception stands for: that of a FailureException or of a gRPC status, otherwise Internal. */
    public static Failure of(Throwable thrown) {
        return switch (thrown) {
            case FailureException e -> e.failure();
            case StatusRuntimeException e -> of(e.getStatus(), e.getTrailers());
            case StatusException e -> of(e.getStatus(), e.getTrailers());
            case null, default -> new Failure.Internal(Incident.next());
        };
    }

    /** Without a delay, waiting would not help. */
    private static Failure exhausted(com.google.rpc.Status details, Metadata trailers, String text) {
        Optional<Duration> delay = detail(details, RetryInfo.class)
                .map(info -> Duration.ofSeconds(
                        info.getRetryDelay().getSeconds(), info.getRetryDelay().getNanos()))
                .or(() -> pushback(trailers));
        return delay.<Failure>map(after -> new Failure.Overloaded(text, after))
                .orElseGet(() -> new Failure.TooLarge(field(details), text));
    }

    private static Optional<Duration> pushback(Metadata trailers) {
        try {
            return Optional.ofNullable(trailers == null ? null : trailers.get(PUSHBACK))
                    .map(Long::parseLong)
                    .filter(millis -> millis >= 0)
                    .map(Duration::ofMillis);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String field(com.google.rpc.Status details) {
        return detail(details, BadRequest.class)
                .filter(bad -> bad.getFieldViolationsCount() > 0)
                .map(bad -> bad.getFieldViolations(0).getField())
                .orElse("request");
    }

    private static <M extends Message> Optional<M> detail(com.google.rpc.Status details, Class<M> type) {
        try {
            for (Any any : details.getDetailsList()) {
                if (any.is(type)) {
                    return Optional.of(any.unpack(type));
                }
            }
            return Optional.empty();
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }
}
