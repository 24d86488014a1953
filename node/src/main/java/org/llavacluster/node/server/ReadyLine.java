package org.llavacluster.node.server;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The line on standard output that reports that a process serves, and its addresses. The process writes it and a
 * launcher reads it.
 *
 * @param id member id
 * @param role vision, projector, decoder or gateway
 * @param grpc {@code HOST:PORT}
 * @param http URL of health and metrics, and of the OpenAI API at the gateway
 */
public record ReadyLine(String id, String role, String grpc, String http) {

    private static final String PREFIX = "ready ";

    static ReadyLine of(NodeIdentity identity, String host, int grpcPort, String httpHost, int httpPort) {
        return new ReadyLine(
                identity.id(),
                identity.role(),
                bracketed(host) + ":" + grpcPort,
                "http://" + bracketed(httpHost) + ":" + httpPort);
    }

    /** Empty if the text is another line. */
    public static Optional<ReadyLine> parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : text.substring(PREFIX.length()).split(" ")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(field.substring(0, equals), field.substring(equals + 1));
            }
        }
        if (!fields.keySet().containsAll(List.of("id", "role", "grpc", "http"))) {
            return Optional.empty();
        }
        return Optional.of(new ReadyLine(fields.get("id"), fields.get("role"), fields.get("grpc"), fields.get("http")));
    }

    /** The line, such as {@code ready id=vision-0 role=vision grpc=127.0.0.1:40001 http=http://127.0.0.1:40002}. */
    public String text() {
        return PREFIX + "id=" + id + " role=" + role + " grpc=" + grpc + " http=" + http;
    }

    /** Host of the gRPC address, an IPv6 literal in brackets. */
    public String host() {
        return grpc.substring(0, grpc.lastIndexOf(':'));
    }

    /** Port of the gRPC address. */
    public int port() {
        return Integer.parseInt(grpc.substring(grpc.lastIndexOf(':') + 1));
    }

    public int httpPort() {
        return URI.create(http).getPort();
    }

    /** IPv6 literals need brackets before a port. */
    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
