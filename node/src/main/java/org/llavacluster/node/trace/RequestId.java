package org.llavacluster.node.trace;

import io.grpc.Context;
import io.grpc.Metadata;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The id under which a request is found in answers and logs: the caller's own where it is usable, or a drawn one. Over HTTP and gRPC
 * alike it travels as {@value #HEADER}.
 */
public final class RequestId {

    public static final String HEADER = "x-request-id";

    /** Of an id that a caller gives; longer ones are replaced. */
    public static final int MAX_LENGTH = 128;

    static final Metadata.Key<String> METADATA = Metadata.Key.of(HEADER, Metadata.ASCII_STRING_MARSHALLER);

    private static final Context.Key<String> CURRENT = Context.key(HEADER);

    private RequestId() {}

    /** The caller's id if it has 1 to {@value #MAX_LENGTH} visible ASCII characters, or else a new one. */
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

    /** That of the request for which the calling thread works, if it is known. */
    public static Optional<String> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** That of the request for which the calling thread works, for a line of the log. */
    public static String named() {
        return current().map(id -> "request " + id).orElse("no request");
    }

    /** The context of a thread that works for this request from now on. */
    public static Context in(Context context, String id) {
        return context.withValue(CURRENT, id);
    }
}
