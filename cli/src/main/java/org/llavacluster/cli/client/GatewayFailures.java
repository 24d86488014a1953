package org.llavacluster.cli.client;

import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.regex.Pattern;
import org.llavacluster.cli.CliException;

/** Describes failures between this client and a gateway in one line: the address and the cause. */
final class GatewayFailures {

    /**
     * Messages of gRPC's client about a server that does not speak gRPC: headers, first bytes or class names in them.
     */
    private static final Pattern NO_GRPC = Pattern.compile(
            "HTTP status code|headers: Metadata|content-type|First received frame|HTTP/2 preface|Http2Exception",
            Pattern.CASE_INSENSITIVE);

    private GatewayFailures() {}

    /** The line for a call that ended with that status. */
    static CliException of(String address, Status status, Exception cause) {
        return new CliException(line(address, status), cause);
    }

    /** The line for an HTTP address that gave no answer. */
    static CliException of(URI base, IOException failure) {
        if (failure instanceof HttpTimeoutException) {
            return of(base.toString(), Status.DEADLINE_EXCEEDED, failure);
        }
        return failure instanceof ConnectException
                ? of(base.toString(), Status.UNAVAILABLE.withCause(failure), failure)
                : noGateway(base, failure);
    }

    /** The line for an HTTP server that is not a gateway. */
    static CliException noGateway(URI base, Exception cause) {
        return new CliException(
                base + ": no gateway of a LLaVA cluster answers there; give the address that 'llava up' printed after"
                        + " grpc=",
                cause);
    }

    /** Whether an HTTP server may be at the address: it answers but does not speak gRPC. */
    static boolean isNoGrpc(Status status) {
        return NO_GRPC.matcher(told(status)).find() || isCutOff(status);
    }

    private static String line(String address, Status status) {
        if (isConnection(status, UnknownHostException.class)
                || isConnection(status, UnresolvedAddressException.class)
                || told(status).startsWith("Unable to resolve host")) {
            return address + ": there is no host of that name";
        }
        if (isConnection(status, ConnectException.class)) {
            return address + ": nothing listens there (connection refused); is the gateway running?";
        }
        if (isConnection(status, NoRouteToHostException.class)) {
            return address + ": the host cannot be reached from here";
        }
        if (NO_GRPC.matcher(told(status)).find()) {
            return address + ": the server there does not speak gRPC; give the address that 'llava up' printed after"
                    + " grpc=";
        }
        if (isCutOff(status)) {
            return address + ": the connection was closed by the other side";
        }
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> address + ": no answer in time";
            case UNIMPLEMENTED ->
                address + ": this is not the gateway of a LLaVA cluster; give the address that 'llava"
                        + " up' printed after ready grpc=";
            case UNAVAILABLE, INTERNAL, UNKNOWN, DATA_LOSS, ABORTED -> address + ": " + said(status);
            default -> said(status);
        };
    }

    private static boolean isConnection(Status status, Class<? extends Exception> type) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCutOff(Status status) {
        String told = told(status);
        return status.getCode() == Status.Code.UNAVAILABLE
                && (status.getCause() != null
                        || told.startsWith("Network closed")
                        || told.startsWith("Connection closed")
                        || told.startsWith("io exception"));
    }

    /** The first line, which is a gateway's whole message. */
    private static String said(Status status) {
        String first = told(status).lines().findFirst().orElse("");
        return first.isBlank() ? "it gave no reason (" + status.getCode() + ")" : first;
    }

    /** The whole message, including those of the causes. */
    private static String told(Status status) {
        StringBuilder told = new StringBuilder(status.getDescription() == null ? "" : status.getDescription());
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            told.append('\n').append(cause);
        }
        return told.toString();
    }
}
