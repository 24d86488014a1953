package org.llavacluster.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.StatusException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.OptionalInt;
import org.llavacluster.cli.CliException;

/** Connects to a gateway by either of its addresses. Over HTTP, its readiness reports the port of its gRPC API. */
public final class GatewayFinder {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String READINESS = "/q/health/ready";

    private GatewayFinder() {}

    /**
     * A client whose gateway has answered once.
     *
     * @throws CliException with the address and the error
     */
    public static GatewayClient connect(TargetAddress target) {
        return switch (target) {
            case TargetAddress.Grpc(String hostAndPort) -> overGrpc(hostAndPort);
            case TargetAddress.Http(URI base) -> overHttp(base);
        };
    }

    private static GatewayClient overGrpc(String hostAndPort) {
        GatewayClient client = new GatewayClient(hostAndPort);
        try {
            client.models(PATIENCE.toSeconds());
            return client;
        } catch (StatusException e) {
            client.close();
            if (GatewayFailures.isNoGrpc(e.getStatus())) {
                URI base = URI.create("http://" + hostAndPort);
                OptionalInt port = grpcPortIfHttp(base);
                if (port.isPresent()) {
                    return confirmed(base, port.getAsInt());
                }
            }
            throw GatewayFailures.of(hostAndPort, e.getStatus(), e);
        }
    }

    private static GatewayClient overHttp(URI base) {
        try {
            OptionalInt port = grpcPort(base);
            if (port.isPresent()) {
                return confirmed(base, port.getAsInt());
            }
        } catch (IOException e) {
            throw GatewayFailures.of(base, e);
        }
        throw GatewayFailures.noGateway(base, null);
    }

    private static OptionalInt grpcPortIfHttp(URI base) {
        try {
            return grpcPort(base);
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    private static GatewayClient confirmed(URI base, int port) {
        String hostAndPort = base.getHost() + ":" + port;
        GatewayClient client = new GatewayClient(hostAndPort);
        try {
            client.models(PATIENCE.toSeconds());
            return client;
        } catch (StatusException e) {
            client.close();
            throw GatewayFailures.of(hostAndPort, e.getStatus(), e);
        }
    }

    /** Empty for a server that is not a gateway. */
    private static OptionalInt grpcPort(URI base) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(READINESS))
                .timeout(PATIENCE)
                .build();
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build()) {
            return readPort(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }

    static OptionalInt readPort(String readiness) {
        try {
            for (JsonNode check : new ObjectMapper().readTree(readiness).path("checks")) {
                int port = check.path("data").path("grpc_port").asInt();
                if (port > 0) {
                    return OptionalInt.of(port);
                }
            }
            return OptionalInt.empty();
        } catch (JsonProcessingException e) {
            return OptionalInt.empty();
        }
    }
}
