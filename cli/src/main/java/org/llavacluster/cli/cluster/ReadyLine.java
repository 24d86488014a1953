package org.llavacluster.cli.cluster;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a service prints on stdout when it serves: {@code ready id=vision-0 role=vision grpc=HOST:PORT http=URL}.
 *
 * @param grpc {@code HOST:PORT}
 * @param http URL of health and metrics, and of the OpenAI API at the gateway
 */
public record ReadyLine(String id, String role, String grpc, String http) {

    private static final String PREFIX = "ready ";

    /** Empty if the line is another one. */
    public static Optional<ReadyLine> parse(String line) {
        if (!line.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : line.substring(PREFIX.length()).split(" ")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(field.substring(0, equals), field.substring(equals + 1));
            }
        }
        if (!fields.keySet().containsAll(java.util.Set.of("id", "role", "grpc", "http"))) {
            return Optional.empty();
        }
        return Optional.of(new ReadyLine(fields.get("id"), fields.get("role"), fields.get("grpc"), fields.get("http")));
    }

    public String host() {
        return grpc.substring(0, grpc.lastIndexOf(':'));
    }

    public int port() {
        return Integer.parseInt(grpc.substring(grpc.lastIndexOf(':') + 1));
    }

    int httpPort() {
        return URI.create(http).getPort();
    }
}
