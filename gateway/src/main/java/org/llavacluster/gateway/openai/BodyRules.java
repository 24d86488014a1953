package org.llavacluster.gateway.openai;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.llavacluster.gateway.failure.HttpRefusal;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.metrics.RefusalReason;

/** What the headers of a request with a body must say, checked before any of the body is read. */
final class BodyRules {

    private BodyRules() {}

    /** Why the request is refused, if it is. */
    static Optional<HttpRefusal> check(HttpServerRequest request, int maxBytes) {
        return contentType(request)
                .or(() -> contentEncoding(request))
                .or(() -> length(request, maxBytes))
                .or(() -> expectation(request));
    }

    /**
     * Web pages may send other types to any server without asking it first (a CORS preflight), so that these would let
     * any page use one on its reader's own machine.
     */
    private static Optional<HttpRefusal> contentType(HttpServerRequest request) {
        List<String> given = request.headers().getAll(HttpHeaders.CONTENT_TYPE);
        if (given.size() != 1) {
            return Optional.of(HttpRefusal.contentType(
                    "content-type must be application/json, " + (given.isEmpty() ? "given none" : "given twice")));
        }
        String[] parts = given.getFirst().toLowerCase(Locale.ROOT).split(";");
        String type = parts[0].strip();
        if (!type.equals("application/json") && !(type.startsWith("application/") && type.endsWith("+json"))) {
            return Optional.of(HttpRefusal.contentType("content-type must be application/json"));
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset=")
                    && !parameter.equals("charset=utf-8")
                    && !parameter.equals("charset=us-ascii")) {
                return Optional.of(HttpRefusal.contentType("the charset in content-type must be utf-8"));
            }
        }
        return Optional.empty();
    }

    private static Optional<HttpRefusal> contentEncoding(HttpServerRequest request) {
        List<String> given = request.headers().getAll(HttpHeaders.CONTENT_ENCODING);
        boolean known =
                given.isEmpty() || given.size() == 1 && (isGzip(given.getFirst()) || isIdentity(given.getFirst()));
        return known
                ? Optional.empty()
                : Optional.of(HttpRefusal.contentEncoding("content-encoding must be gzip or absent"));
    }

    private static boolean isIdentity(String encoding) {
        return encoding.isBlank() || encoding.strip().equalsIgnoreCase("identity");
    }

    private static boolean isGzip(String encoding) {
        String name = encoding.strip();
        return name.equalsIgnoreCase("gzip") || name.equalsIgnoreCase("x-gzip");
    }

    /** Whether the body has to be inflated, of a request that passed {@link #check}. */
    static boolean isGzip(HttpServerRequest request) {
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        return encoding != null && isGzip(encoding);
    }

    private static Optional<HttpRefusal> length(HttpServerRequest request, int maxBytes) {
        long announced = announced(request);
        return announced <= maxBytes
                ? Optional.empty()
                : Optional.of(
                        HttpRefusal.of(RefusalReason.BODY_TOO_LARGE, tooLarge(maxBytes, Long.toString(announced))));
    }

    static Failure.TooLarge tooLarge(int maxBytes, String given) {
        return new Failure.TooLarge("body", "body is limited to " + maxBytes + " bytes, given " + given);
    }

    /** The length that the header gives; 0 where it gives none. */
    static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            // More digits than a long has; what is no number at all the transport has refused.
            return Long.MAX_VALUE;
        }
    }

    private static Optional<HttpRefusal> expectation(HttpServerRequest request) {
        String expect = request.getHeader(HttpHeaders.EXPECT);
        return expect == null || expect.equalsIgnoreCase("100-continue")
                ? Optional.empty()
                : Optional.of(HttpRefusal.expectation());
    }

    /** Whether the client waits for word before it sends the body. */
    static boolean expectsContinue(HttpServerRequest request) {
        return request.getHeader(HttpHeaders.EXPECT) != null;
    }
}
