package org.llavacluster.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.gateway.openai.HttpClientRig.asking;
import static org.llavacluster.gateway.openai.HttpClientRig.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.gateway.fake.RawHttp;

/**
 * HTTP as clients, browsers and proxies use it.
 *
 * <p>Holds the limits {@code GatewayProperties.MAX_BODY_BYTES} and {@code FixedLimits.REQUEST_ID_CHARACTERS}.
 */
class TransportTest {

    private static final String PATH = "/v1/chat/completions";
    private static final int MAX_BODY = 64 << 10;

    private static GatewayRig rig;
    private static HttpClient client;

    @BeforeAll
    static void start() throws InterruptedException {
        rig = new GatewayRig(
                "max-body-bytes",
                Integer.toString(MAX_BODY),
                "http.cors-origins",
                "http://localhost:5173, https://a.example");
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        rig.close();
    }

    @AfterEach
    void everythingIsGivenBack() {
        rig.awaitReleased();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(rig.url(path)).timeout(Duration.ofSeconds(30));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    private static HttpRequest.Builder post(byte[] body, String contentType) {
        return request(PATH).header("content-type", contentType).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    private static HttpRequest.Builder post(byte[] body) {
        return post(body, "application/json");
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A request of exactly that many bytes. */
    private static byte[] ofSize(int bytes) {
        String shortest = asking("What?", "\"metadata\":{\"pad\":\"\"}");
        return utf8(shortest.replace("\"pad\":\"", "\"pad\":\"" + "x".repeat(bytes - shortest.length())));
    }

    private static String code(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        return json(response).path("error").path("code").textValue();
    }

    @Test
    void shouldTellAClientThatWaitsToGoOn() throws Exception {
        var answer = send(post(ofSize(MAX_BODY)).expectContinue(true));
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void shouldRefuseABodyThatIsTooLargeInsteadOfAskingForIt() throws Exception {
        var answer = send(post(new byte[MAX_BODY + 1]).expectContinue(true));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(code(answer)).isEqualTo("too_large");
    }

    @Test
    void shouldRefuseExpectationsThatItDoesNotKnow() throws Exception {
        try (RawHttp raw = RawHttp.connect(rig.httpPort())) {
            raw.send("POST " + PATH + " HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n"
                    + "expect: 200-ok\r\n\r\n{}");
            assertThat(raw.status()).isEqualTo(417);
        }
    }

    @Test
    void shouldReadGzipWithinTheLimitBeforeAndAfterInflating() throws Exception {
        var small = send(post(gzip(utf8(asking("What?", "")))).header("content-encoding", "gzip"));
        assertThat(small.statusCode()).isEqualTo(200);
        var limit = send(post(gzip(ofSize(MAX_BODY))).header("content-encoding", "x-gzip"));
        assertThat(limit.statusCode()).isEqualTo(200);
        var beyond = send(post(gzip(ofSize(MAX_BODY + 1))).header("content-encoding", "gzip"));
        assertThat(beyond.statusCode()).isEqualTo(413);
        assertThat(beyond.body()).contains("after decompression");
    }

    @Test
    void shouldRefuseGzipThatIsNoneOrCutShort() throws Exception {
        byte[] whole = gzip(utf8(asking("What?", "")));
        for (byte[] body : new byte[][] {utf8(asking("What?", "")), Arrays.copyOf(whole, whole.length - 9), {}}) {
            var answer = send(post(body).header("content-encoding", "gzip"));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("body must be gzip");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "gzip, gzip", "zstd"})
    void shouldNameTheEncodingThatItDoesNotRead(String encoding) throws Exception {
        var answer = send(post(utf8(asking("What?", ""))).header("content-encoding", encoding));
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(json(answer).path("error").path("param").textValue()).isEqualTo("content-encoding");
        assertThat(answer.headers().firstValue("accept-encoding")).contains("gzip");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 200",
        "application/json; charset=utf-8, 200",
        "Application/JSON;charset=\"UTF-8\", 200",
        "application/vnd.api+json, 200",
        "text/plain, 415",
        "application/x-www-form-urlencoded, 415",
        "multipart/form-data; boundary=a, 415",
        "text/json, 415",
        "application/jsonp, 415",
        "application/json; charset=utf-16, 415"
    })
    void shouldReadJsonThatIsCalledJson(String type, int status) throws Exception {
        var answer = send(post(utf8(asking("What?", "")), type));
        assertThat(answer.statusCode()).isEqualTo(status);
        if (status == 415) {
            assertThat(json(answer).path("error").path("param").textValue()).isEqualTo("content-type");
        }
    }

    @Test
    void shouldRefuseABodyWithoutAType() throws Exception {
        var answer = send(request(PATH).POST(HttpRequest.BodyPublishers.ofString(asking("What?", ""))));
        assertThat(answer.statusCode()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void shouldRefuseOtherEncodingsOfJson(String charset) throws Exception {
        var answer = send(post(asking("What?", "").getBytes(charset)));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/v1/models/llava-1.5-tiny"})
    void shouldAnswerHeadAsGetWithoutTheBody(String path) throws Exception {
        var get = send("GET", path);
        var head = send("HEAD", path);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        for (String header : new String[] {"content-type", "content-length"}) {
            assertThat(head.headers().firstValue(header))
                    .isEqualTo(get.headers().firstValue(header));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/chat/completions, 'POST, OPTIONS'",
        "PUT, /v1/chat/completions, 'POST, OPTIONS'",
        "DELETE, /v1/models/llava-1.5-tiny, 'GET, HEAD, OPTIONS'",
        "POST, /v1/models, 'GET, HEAD, OPTIONS'",
        "PROPFIND, /v1/models, 'GET, HEAD, OPTIONS'",
        "POST, /health, 'GET, HEAD'",
        "DELETE, /health/live, 'GET, HEAD'",
        "POST, /metrics, 'GET, HEAD'"
    })
    void shouldNameTheMethodsThatAPathTakes(String method, String path, String allowed) throws Exception {
        var answer = send(method, path);
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).contains(allowed);
        assertThat(code(answer)).isEqualTo("method_not_allowed");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /chat/completions, /v1 in front",
        "GET, /models, /v1 in front",
        "GET, /models/a, /v1 in front",
        "GET, /, there are POST /v1/chat/completions",
        "POST, /v1/embeddings, there are POST /v1/chat/completions",
        "GET, /favicon.ico, there are POST /v1/chat/completions"
    })
    void shouldSayWhatIsMissingFromAPath(String method, String path, String hint) throws Exception {
        var answer = send(method, path);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(code(answer)).isEqualTo("unknown_path");
        assertThat(answer.body()).contains(hint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/nowhere", "/v1/models/other", "/v1/chat/completions"})
    void shouldTakeOverTheCallersIdWhereItIsSane(String path) throws Exception {
        String longest = "a".repeat(128);
        for (String id : new String[] {"trace-7/b:c", longest}) {
            assertThat(send(request(path).header("x-request-id", id)).headers().firstValue("x-request-id"))
                    .contains(id);
        }
        for (String id : new String[] {longest + "a", "two words", ""}) {
            assertThat(send(request(path).header("x-request-id", id)).headers().firstValue("x-request-id"))
                    .get()
                    .asString()
                    .matches("[0-9a-f]{24}");
        }
    }

    @Test
    void shouldPassTheCallersIdToTheDecoderAndBack() throws Exception {
        var answer = send(post(utf8(asking("What?", ""))).header("x-request-id", "mine-1"));
        assertThat(answer.headers().firstValue("x-request-id")).contains("mine-1");
        assertThat(rig.decoder().start("mine-1")).isNotNull();
        assertThat(rig.decoder().metadataId("mine-1")).isEqualTo("mine-1");
    }

    @Test
    void shouldAnswerAPreflightOfAnAllowedOrigin() throws Exception {
        var answer = send(request(PATH)
                .header("origin", "http://localhost:5173")
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "authorization,content-type")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("http://localhost:5173");
        assertThat(answer.headers().firstValue("access-control-allow-headers")).contains("authorization,content-type");
        assertThat(answer.headers().firstValue("access-control-allow-methods").orElseThrow())
                .contains("POST");
    }

    @Test
    void shouldLetAnAllowedOriginReadAnswersAndErrorsAndNoOther() throws Exception {
        for (String path : new String[] {"/v1/models", "/nowhere"}) {
            assertThat(send(request(path).header("origin", "https://a.example"))
                            .headers()
                            .firstValue("access-control-allow-origin"))
                    .contains("https://a.example");
            assertThat(send(request(path).header("origin", "https://b.example"))
                            .headers()
                            .firstValue("access-control-allow-origin"))
                    .isEmpty();
        }
    }

    @Test
    void shouldNotCountAClientsMistakeAsAFailureOfTheStage() throws Exception {
        double before = rig.stageFailures();
        assertThat(send(post(utf8("{"))).statusCode()).isEqualTo(400);
        rig.awaitReleased();
        assertThat(rig.stageFailures()).isEqualTo(before);
    }

    @Test
    void shouldCountRefusalsByReason() throws Exception {
        double before = rig.refusals("method_not_allowed");
        send("GET", PATH);
        assertThat(rig.refusals("method_not_allowed")).isEqualTo(before + 1);
    }
}
