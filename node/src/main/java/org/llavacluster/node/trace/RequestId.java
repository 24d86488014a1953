package org.llavacluster.node.trace;

import io.grpc.Context;
import io.grpc.Metadata;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.llavacluster.node.config.FixedLimits;

/**
 * The id that identifies a request in answers and logs: the caller's own if valid, otherwise a random one. HTTP and
 * gRPC both carry it as {@value #HEADER}.
 */
public final class RequestId {

    public static final String HEADER = "x-request-id";

    /** Longest id of a caller; longer ones are replaced. */
    public static final int MAX_LENGTH = FixedLimits.REQUEST_ID_CHARACTERS.intValue();

    static final Metadata.Key<String> METADATA = Metadata.Key.of(HEADER, Metadata.ASCII_STRING_MARSHALLER);

    private static final Context.Key<String> CURRENT = Context.key(HEADER);

    private RequestId() {}

    /** The caller's id if it has 1 to {@link #MAX_LENGTH} visible ASCII characters, otherwise a new one. */
    public static String of(String given) {
        return given != null && isUsable(given) ? given : next();
    }

    private static boolean isUsable(String id) {
        return !id.isEmpty() && id.length() <= MAX_LENGTH && id.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** A new id. */
    public static String next() {
        byte[] id = new byte[12];
        ThreadLocalRandom.current().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** The id of the request that the calling thread works for, if known. */
    public static Optional<String> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** The id of the request that the calling thread works for, for a log line. */
    public static String named() {
        return current().map(id -> "request " + id).orElse("no request");
    }

    /** A context in which threads work for this request. */
    public static Context in(Context context, String id) {
        return context.withValue(CURRENT, id);
    }
}
