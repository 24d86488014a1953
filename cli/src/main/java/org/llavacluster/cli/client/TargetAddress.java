package org.llavacluster.cli.client;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import org.llavacluster.cli.CliException;

/** The address of a gateway in {@code --target}: its gRPC or its HTTP address. */
public sealed interface TargetAddress {

    String WRONG_PORT = "has a port that is not between 1 and 65535";

    /**
     * @param hostAndPort with an IPv6 address in brackets
     */
    record Grpc(String hostAndPort) implements TargetAddress {}

    /**
     * @param base without a path
     */
    record Http(URI base) implements TargetAddress {}

    /**
     * Accepts {@code HOST:PORT}, {@code http://HOST:PORT}, either after {@code grpc=} or {@code http=}, and the whole
     * line that {@code llava up} prints.
     *
     * @throws CliException with the error in anything else
     */
    static TargetAddress parse(String given) {
        String target = given.strip();
        if (target.startsWith("ready ")) {
            return parse(field(target, "grpc=")
                    .or(() -> field(target, "http="))
                    .orElseThrow(() -> refuse(given, "has neither grpc= nor http= in it")));
        }
        if (target.startsWith("grpc=") || target.startsWith("http=")) {
            return parse(target.substring("grpc=".length()));
        }
        int scheme = target.indexOf("://");
        if (scheme < 0) {
            return new Grpc(hostAndPort(given, target));
        }
        return switch (target.substring(0, scheme).toLowerCase(java.util.Locale.ROOT)) {
            case "grpc" -> new Grpc(hostAndPort(given, withoutPath(target.substring(scheme + 3))));
            case "http" -> http(given, target);
            case "https", "grpcs" -> throw refuse(given, "asks for TLS, which this command does not speak");
            default -> throw refuse(given, "has an unknown scheme before ://");
        };
    }

    private static Optional<String> field(String line, String name) {
        return Arrays.stream(line.split("\\s+"))
                .filter(word -> word.startsWith(name))
                .findFirst();
    }

    private static TargetAddress http(String given, String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() == null) {
                throw refuse(given, "has no host");
            }
            int port = uri.getPort() < 0 ? 80 : uri.getPort();
            if (port < 1 || port > 65_535) {
                throw refuse(given, WRONG_PORT);
            }
            return new Http(URI.create("http://" + uri.getHost() + ":" + port));
        } catch (IllegalArgumentException e) {
            throw refuse(given, "is not a URL");
        }
    }

    private static String withoutPath(String address) {
        int slash = address.indexOf('/');
        return slash < 0 ? address : address.substring(0, slash);
    }

    private static String hostAndPort(String given, String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (address.isEmpty() || colon == 0) {
            throw refuse(given, "has no host");
        }
        if (colon < 0 || address.endsWith("]")) {
            throw refuse(given, "has no port");
        }
        if (host.indexOf(':') >= 0 && !bracketed) {
            throw refuse(given, "must have an IPv6 address in brackets: [::1]:9000");
        }
        if (!host.matches("[\\p{Alnum}._-]+|\\[[\\p{XDigit}:.%\\p{Alnum}]+]")) {
            throw refuse(given, "has a host with characters that hosts do not have");
        }
        String port = address.substring(colon + 1);
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
            throw refuse(given, WRONG_PORT);
        }
        return address;
    }

    private static CliException refuse(String given, String what) {
        return new CliException("--target '" + given + "' " + what
                + "; give what 'llava up' printed: HOST:PORT after grpc=, or the URL after http=");
    }
}
