package org.llavacluster.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.time.Clock;

class ReleaseCheckTest {

    private static final String MODELS =
            "{\"object\":\"list\",\"data\":[{\"id\":\"llava-1.5-7b\",\"object\":\"model\"}]}";

    private HttpServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.stop(0);
    }

    /** @param refusals how many requests get 503 first */
    private AtomicInteger serve(String path, int refusals, String body) {
        AtomicInteger asked = new AtomicInteger();
        server.createContext(path, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(asked.incrementAndGet() <= refusals ? 503 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        return asked;
    }

    private Optional<String> check(long seconds) throws InterruptedException {
        URI gateway = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new ReleaseCheck(client, gateway).until(Clock.SYSTEM.nanoTime() + seconds * 1_000_000_000);
    }

    @Test
    void shouldPassWhenTheGatewayIsReadyAndListsAModel() throws InterruptedException {
        serve("/q/health/ready", 0, "{}");
        serve("/v1/models", 0, MODELS);
        assertThat(check(0)).isEmpty();
    }

    @Test
    void shouldAskAgainUntilTheGatewayIsReady() throws InterruptedException {
        AtomicInteger asked = serve("/q/health/ready", 1, "{}");
        serve("/v1/models", 0, MODELS);
        assertThat(check(60)).isEmpty();
        assertThat(asked).hasValue(2);
    }

    @Test
    void shouldSayWhyTheGatewayIsNotReady() throws InterruptedException {
        serve("/q/health/ready", 9, "{\n \"reason\": \"no decoder node is available\"\n}");
        assertThat(check(0)).contains("/q/health/ready answers 503: { \"reason\": \"no decoder node is available\" }");
    }

    @Test
    void shouldFailWithoutAModel() throws InterruptedException {
        serve("/q/health/ready", 0, "{}");
        serve("/v1/models", 0, "{\"data\":[]}");
        assertThat(check(0)).contains("/v1/models answers 200 without a model: {\"data\":[]}");
    }
}
