package org.llavacluster.gateway.openai;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.llavacluster.gateway.failure.HttpRefusal;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.metrics.RefusalReason;

/** The rules for the headers of a request with a body, checked before its body is read. */
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
     * Web pages may send other content types to any server without a CORS preflight, so accepting these would let any
     * page use a gateway on its reader's machine.
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

    /** Whether the body must be inflated, for a request that passed {@link #check}. */
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

    /** The length in the header; 0 if there is none. */
    static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            // More digits than a long has. A length that is not a number was refused by the transport.
            return Long.MAX_VALUE;
        }
    }

    private static Optional<HttpRefusal> expectation(HttpServerRequest request) {
        String expect = request.getHeader(HttpHeaders.EXPECT);
        return expect == null || expect.equalsIgnoreCase("100-continue")
                ? Optional.empty()
                : Optional.of(HttpRefusal.expectation());
    }

    /** Whether the client waits for a response before it sends the body. */
    static boolean expectsContinue(HttpServerRequest request) {
        return request.getHeader(HttpHeaders.EXPECT) != null;
    }
}
