package org.llavacluster.cli.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** An OpenAI-style API whose replies a test decides. */
public final class ScriptedEndpoint implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final Function<JsonNode, Answer> script;

    /** What the API answers. */
    public sealed interface Answer {}

    /** A whole reply. */
    public record Text(String text, long tokens) implements Answer {}

    /** A refusal. */
    public record Refusal(int status, Map<String, String> headers) implements Answer {}

    /** The first half of a reply, after which the connection ends. */
    public record Cut(String text) implements Answer {}

    /** A body that is no reply. */
    public record Garbage(String body) implements Answer {}

    public ScriptedEndpoint(Function<JsonNode, Answer> script) throws IOException {
        this.script = script;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    public String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    /** All requests so far, in the order of their arrival. */
    public List<JsonNode> requests() {
        return List.copyOf(requests);
    }

    /** The text of a request's last message. */
    public static String lastMessage(JsonNode request) {
        JsonNode messages = request.get("messages");
        return messages.get(messages.size() - 1).get("content").asText();
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        requests.add(request);
        switch (script.apply(request)) {
            case Text text -> send(exchange, 200, reply(text.text(), text.tokens()));
            case Refusal refusal -> {
                refusal.headers().forEach(exchange.getResponseHeaders()::add);
                send(exchange, refusal.status(), "{\"error\":{\"message\":\"no\",\"type\":\"scripted\"}}");
            }
            case Cut cut -> {
                byte[] body = reply(cut.text(), 10).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body, 0, body.length / 2);
                exchange.getResponseBody().flush();
                exchange.close();
            }
            case Garbage garbage -> send(exchange, 200, garbage.body());
        }
    }

    private static String reply(String text, long tokens) throws IOException {
        return JSON.writeValueAsString(Map.of(
                "id",
                "one",
                "object",
                "chat.completion",
                "created",
                1,
                "model",
                "scripted",
                "choices",
                List.of(Map.of(
                        "index", 0, "finish_reason", "stop", "message", Map.of("role", "assistant", "content", text))),
                "usage",
                Map.of("prompt_tokens", tokens, "completion_tokens", 0, "total_tokens", tokens)));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
