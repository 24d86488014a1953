package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.RunningCluster;
import org.llavacluster.systemtest.harness.TraceReceiver;
import org.llavacluster.systemtest.harness.TraceReceiver.Received;

/** A request is one trace, from its caller through all four processes. */
class TracesTest {

    private static final String CALLER = "00f067aa0ba902b7";
    private static final Metadata.Key<String> PARENT = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> ANSWERED =
            Metadata.Key.of("x-trace-id", Metadata.ASCII_STRING_MARSHALLER);

    private static final String GENERATE = "llava-decoder llava.cluster.v1.Decoder/Generate";
    private static final String PULL = "llava-projector llava.cluster.v1.Projector/PullEmbeddings";
    private static final String ENCODE = "llava-vision llava.cluster.v1.Vision/Encode";

    private static TraceReceiver receiver;
    private static RunningCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        receiver = new TraceReceiver();
        cluster = RunningCluster.up(
                Launcher.fixture("llava-1.5-tiny"),
                Map.of("LLAVA_TELEMETRY_OTLP_ENDPOINT", receiver.endpoint()),
                "--engine=simd");
    }

    @AfterAll
    static void stop() {
        cluster.close();
        receiver.close();
    }

    @Test
    void shouldTraceARequestWithTwoImagesThroughAllProcesses() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String body = """
                {"messages": [{"role": "user", "content": [
                  {"type": "text", "text": "What differs?"},
                  {"type": "image_url", "image_url": {"url": "%s"}},
                  {"type": "image_url", "image_url": {"url": "%s"}}]}],
                 "max_tokens": 5, "min_tokens": 5, "seed": 7}""".formatted(dataUrl("scene.png"), dataUrl("grey.png"));
        HttpResponse<String> answer = post(body, traceparent(trace));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-trace-id")).contains(trace);

        List<Received> spans = receiver.trace(trace, 26);
        String root = "llava-gateway POST /v1/chat/completions";
        String chat = "llava-gateway chat llava-1.5-tiny";
        assertThat(links(spans))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("caller > " + root, 1L),
                        Map.entry(root + " > " + chat, 1L),
                        Map.entry(chat + " > llava-gateway queue", 1L),
                        Map.entry(chat + " > llava-gateway first_token", 1L),
                        Map.entry(chat + " > " + ENCODE, 2L),
                        Map.entry(ENCODE + " > llava-vision decode_pixels", 2L),
                        Map.entry(ENCODE + " > llava-vision preprocess", 2L),
                        Map.entry(ENCODE + " > llava-vision encode", 2L),
                        Map.entry(chat + " > " + GENERATE, 1L),
                        Map.entry(GENERATE + " > llava-decoder queue", 1L),
                        Map.entry(GENERATE + " > llava-decoder prefill", 1L),
                        Map.entry(GENERATE + " > llava-decoder decode", 1L),
                        Map.entry(GENERATE + " > llava-decoder pull_embeddings", 2L),
                        Map.entry("llava-decoder pull_embeddings > " + PULL, 2L),
                        Map.entry(PULL + " > llava-projector pull_features", 2L),
                        Map.entry(PULL + " > llava-projector project", 2L),
                        Map.entry(
                                "llava-projector pull_features > llava-vision llava.cluster.v1.Vision/PullFeatures",
                                2L)));
        Received request = one(spans, chat);
        assertThat(request.attribute("gen_ai.operation.name")).contains("chat");
        assertThat(request.attribute("gen_ai.request.model")).contains("llava-1.5-tiny");
        assertThat(request.attribute("gen_ai.usage.output_tokens")).contains("5");
        assertThat(request.attribute("gen_ai.request.seed")).contains("7");
        assertThat(one(spans, root).attribute("http.response.status_code")).contains("200");
        assertThat(one(spans, "llava-decoder decode").attribute("gen_ai.usage.output_tokens"))
                .contains("5");
    }

    @Test
    void shouldTraceOverGrpcAndAnswerWithTheIdOfTheTrace() throws Exception {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        Metadata sent = new Metadata();
        sent.put(PARENT, traceparent(trace));
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        ClientInterceptor captured = MetadataUtils.newCaptureMetadataInterceptor(headers, trailers);
        ChatClient.collect(cluster.client()
                .blocking()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(sent), captured)
                .chat(ChatClient.raw("fox", 4).build()));
        assertThat(headers.get().get(ANSWERED)).isEqualTo(trace);

        List<Received> spans = receiver.trace(trace, 8);
        assertThat(links(spans))
                .containsOnlyKeys(
                        "caller > llava-gateway llava.v1.Llava/Chat",
                        "llava-gateway llava.v1.Llava/Chat > llava-gateway chat llava-1.5-tiny",
                        "llava-gateway chat llava-1.5-tiny > llava-gateway queue",
                        "llava-gateway chat llava-1.5-tiny > llava-gateway first_token",
                        "llava-gateway chat llava-1.5-tiny > " + GENERATE,
                        GENERATE + " > llava-decoder queue",
                        GENERATE + " > llava-decoder prefill",
                        GENERATE + " > llava-decoder decode");
        assertThat(one(spans, GENERATE).attribute("rpc.grpc.status_code")).contains("0");
    }

    @Test
    void shouldBeginATraceForACallerWithoutOne() throws Exception {
        HttpResponse<String> answer = post("{\"messages\": [], \"max_tokens\": 1}", null);
        assertThat(answer.statusCode()).isEqualTo(400);
        String trace = answer.headers().firstValue("x-trace-id").orElseThrow();
        assertThat(trace).matches("[0-9a-f]{32}");
        Received root = one(receiver.trace(trace, 3), "llava-gateway POST /v1/chat/completions");
        assertThat(root.parent()).isEmpty();
        assertThat(root.attribute("http.response.status_code")).contains("400");
    }

    @Test
    void shouldNotRecordWhatTheCallerDoesNotSample() throws Exception {
        String trace = "1af7651916cd43dd8448eb211c80319c";
        String sampled = "2af7651916cd43dd8448eb211c80319c";
        String body = "{\"messages\": [{\"role\": \"user\", \"content\": \"fox\"}], \"max_tokens\": 1}";
        HttpResponse<String> answer = post(body, "00-" + trace + "-" + CALLER + "-00");
        assertThat(answer.headers().firstValue("x-trace-id")).contains(trace);
        assertThat(post(body, traceparent(sampled)).statusCode()).isEqualTo(200);
        receiver.trace(sampled, 8);
        assertThat(receiver.trace(trace, 0)).isEmpty();
    }

    /** How often each span occurs under each parent. */
    private static Map<String, Long> links(List<Received> spans) {
        Map<String, String> names = spans.stream().collect(Collectors.toMap(Received::id, TracesTest::name));
        return spans.stream()
                .map(span -> parent(names, span) + " > " + name(span))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static String parent(Map<String, String> names, Received span) {
        return span.parent().equals(CALLER) ? "caller" : names.getOrDefault(span.parent(), "unknown");
    }

    private static String name(Received span) {
        return span.service() + " " + span.span().getName();
    }

    private static Received one(List<Received> spans, String name) {
        List<Received> named =
                spans.stream().filter(span -> name(span).equals(name)).toList();
        assertThat(named).as(name).hasSize(1);
        return named.getFirst();
    }

    private static String traceparent(String trace) {
        return "00-" + trace + "-" + CALLER + "-01";
    }

    private static String dataUrl(String image) throws IOException {
        Path file = Launcher.fixture("images/" + image);
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    }

    private static HttpResponse<String> post(String body, String traceparent) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        cluster.service("gateway-0").http().resolve("/v1/chat/completions"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (traceparent != null) {
            request.header("traceparent", traceparent);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
