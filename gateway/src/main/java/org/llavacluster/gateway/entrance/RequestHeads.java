package org.llavacluster.gateway.entrance;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.llavacluster.gateway.failure.HttpRefusal;

/** The rules of RFC 9110 and 9112 for the head of a request that the decoder does not check. */
final class RequestHeads {

    /** A name, an IPv4 or a bracketed IPv6 address, and a port. */
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._~!$&'()*+;=%-]*)(:[0-9]*)?");

    private static final Pattern TARGET_START = Pattern.compile("/|https?://[^/?#%]");

    private RequestHeads() {}

    /** Why the request is refused, if it is. */
    static Optional<HttpRefusal> check(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Optional.of(undecodable(request.decoderResult().cause()));
        }
        if (request.headers().contains("")) {
            return refuse("a header has no name");
        }
        return host(request).or(() -> target(request)).or(() -> framing(request));
    }

    private static HttpRefusal undecodable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ -> HttpRefusal.targetTooLong("the request line is too long");
            case TooLongHttpHeaderException _ -> HttpRefusal.headersTooLarge("the headers are too large");
            default -> HttpRefusal.malformed("the request is not well-formed HTTP/1.1");
        };
    }

    private static Optional<HttpRefusal> host(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return Optional.empty();
        }
        return hosts.size() == 1 && HOST.matcher(hosts.getFirst()).matches()
                ? Optional.empty()
                : refuse("host must be given once, as HOST or HOST:PORT");
    }

    private static Optional<HttpRefusal> target(HttpRequest request) {
        return isTarget(request.uri())
                ? Optional.empty()
                : refuse("the target must be a path or an http URL in visible ASCII characters, others written as %XX");
    }

    /** Not by a pattern for the whole, because its repeated alternatives would overflow the stack. */
    private static boolean isTarget(String uri) {
        Matcher start = TARGET_START.matcher(uri);
        return start.lookingAt() && IntStream.range(start.end(), uri.length()).allMatch(at -> isTargetAt(uri, at));
    }

    private static boolean isTargetAt(String uri, int at) {
        char c = uri.charAt(at);
        return c == '%'
                ? at + 2 < uri.length()
                        && HexFormat.isHexDigit(uri.charAt(at + 1))
                        && HexFormat.isHexDigit(uri.charAt(at + 2))
                : c >= '!' && c <= '~';
    }

    private static Optional<HttpRefusal> framing(HttpRequest request) {
        HttpHeaders headers = request.headers();
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return Optional.empty();
        }
        if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return refuse("content-length and transfer-encoding exclude each other");
        }
        return codings.size() == 1
                        && codings.getFirst().strip().equalsIgnoreCase("chunked")
                        && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                ? Optional.empty()
                : refuse("transfer-encoding must be chunked, once, in HTTP/1.1");
    }

    private static Optional<HttpRefusal> refuse(String message) {
        return Optional.of(HttpRefusal.malformed(message));
    }
}
