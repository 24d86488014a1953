package org.llavacluster.gateway.entrance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.gateway.fake.Eventually;
import org.llavacluster.gateway.fake.FakeDecoder;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.gateway.fake.RawHttp;
import org.llavacluster.node.config.FixedLimits;

/**
 * Requests that no client library sends must not affect other clients.
 *
 * <p>Holds the limits {@code HttpProperties.HEADER_TIME}, {@code HttpProperties.IDLE_TIME}, {@code
 * FixedLimits.HTTP_HEADER_BYTES} and {@code FixedLimits.HTTP_LINE_BYTES}.
 */
class EntranceTest {

    private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"What?\"}]}";
    private static final String POST =
            "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static GatewayRig rig;

    /** Refusals for that reason before the test. */
    private final Map<String, Double> refusedBefore = new HashMap<>();

    @BeforeAll
    static void start() throws InterruptedException {
        rig = new GatewayRig("http.header-time", "3s", "http.max-connections", "40", "http.max-arriving", "20");
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @BeforeEach
    void count() {
        for (String reason : List.of("malformed_request", "slow_headers", "displaced", "http2_flood")) {
            refusedBefore.put(reason, rig.refusals(reason));
        }
    }

    @AfterEach
    void everythingIsGivenBack() {
        rig.awaitReleased();
    }

    private double refused(String reason) {
        return rig.refusals(reason) - refusedBefore.get(reason);
    }

    private RawHttp connect() throws IOException {
        return RawHttp.connect(rig.httpPort());
    }

    /** Requests of other clients at the same time, none of which may be refused. */
    private void bystanderIsServed() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (RawHttp bystander = connect()) {
                bystander.send(POST + "content-length: " + BODY.length() + "\r\n\r\n" + BODY);
                assertThat(bystander.status()).isEqualTo(200);
                assertThat(bystander.body()).contains("chat.completion");
            }
        }
    }

    static Stream<String> malformed() {
        String get = "GET /v1/models HTTP/1.1\r\nhost: a\r\n";
        String chunked = POST + "transfer-encoding: chunked\r\n";
        return Stream.of(
                chunked + "content-length: 5\r\n\r\n0\r\n\r\n",
                POST + "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                POST + "transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
                chunked + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                POST + "transfer-encoding: gzip\r\n\r\n0\r\n\r\n",
                POST + "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
                POST + "transfer-encoding: identity\r\ncontent-length: 2\r\n\r\n{}",
                POST + "transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
                POST.replace("1.1", "1.0") + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                POST + "content-length: -1\r\n\r\n{}",
                POST + "content-length: +2\r\n\r\n{}",
                POST + "content-length: 2, 2\r\n\r\n{}",
                POST + "content-length: 2\r\ncontent-length: 3\r\n\r\n{}",
                POST + "content-length: 0x2\r\n\r\n{}",
                POST + "content-length: 99999999999999999999\r\n\r\n{}",
                POST + "content-length : 2\r\n\r\n{}",
                get + "host: b\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nhost: a b\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nhost: a/b\r\n\r\n",
                "GET /v1/models HTTP/9.9\r\nhost: a\r\n\r\n",
                "GET /v1/models HTTP/1.2\r\nhost: a\r\n\r\n",
                "GET /v1/models http/1.1\r\nhost: a\r\n\r\n",
                "GET /v1/models\r\nhost: a\r\n\r\n",
                "GET /v1/%zz HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /v1/models/% HTTP/1.1\r\nhost: a\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET v1/models HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET ftp://a/v1/models HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /v1/\u00e9 HTTP/1.1\r\nhost: a\r\n\r\n",
                get + "a\u0000b: c\r\n\r\n",
                get + "a: b\u0000c\r\n\r\n",
                get + ": c\r\n\r\n",
                get + "no colon\r\n\r\n",
                "GET /v1/models HTTP/1.1\nhost: a\n\n",
                chunked + "\r\nxyz\r\n",
                chunked + "\r\n-1\r\n",
                chunked + "\r\nffffffffff\r\n",
                chunked + "\r\n2\r\n{}x\r\n0\r\n\r\n",
                chunked + "\r\n2\n{}\r\n0\r\n\r\n",
                chunked + "\r\n1;" + "e".repeat(10_000) + "\r\n{\r\n");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void shouldRefuseWhatTwoServersCouldReadDifferently(String request) throws Exception {
        long submitted = rig.count("submitted");
        try (RawHttp attacker = connect()) {
            attacker.send(request);
            assertThat(attacker.status()).isEqualTo(400);
            assertThat(attacker.header("content-type")).isEqualTo("application/json");
            assertThat(attacker.header("connection")).isEqualTo("close");
            assertThat(attacker.header("x-request-id")).isNotNull();
            assertThat(attacker.body()).contains("\"code\":\"malformed_request\"");
            assertThat(attacker.closes()).isTrue();
        }
        assertThat(refused("malformed_request")).isEqualTo(1);
        rig.awaitReleased();
        assertThat(rig.count("submitted")).isEqualTo(submitted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://gateway:8080/v1/models HTTP/1.1\r\nhost: gateway:8080\r\n\r\n",
                "GET /v1/models?a=b HTTP/1.1\r\nhost: [::1]:8080\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nhost: a\r\nfolded: b\r\n c\r\n\r\n",
                "GET /v1/models HTTP/1.0\r\n\r\n",
                "\r\nGET /v1/models HTTP/1.1\r\nHOST:a\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nhost: a\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n"
                        + "http2-settings: AAMAAABkAAQAAP__\r\n\r\n"
            })
    void shouldReadWhatIsUnusualAndRight(String request) throws Exception {
        try (RawHttp client = connect()) {
            client.send(request);
            assertThat(client.status()).isEqualTo(200);
        }
    }

    /** Servers that hold the body of an offer until it is decided stop at a megabyte. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2 << 20})
    void shouldReadABodyOfAnOfferToUpgrade(int blanks) throws Exception {
        String body = BODY + " ".repeat(blanks);
        try (RawHttp client = connect()) {
            client.send(
                    POST + "connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n"
                            + "expect: 100-continue\r\ncontent-length: " + body.length() + "\r\n\r\n");
            assertThat(client.status()).isEqualTo(100);
            client.send(body);
            assertThat(client.status()).isEqualTo(200);
        }
    }

    @Test
    void shouldAnswerPipelinedRequestsInOrderAndAMalformedOneLast() throws Exception {
        try (RawHttp client = connect()) {
            String get = "GET /v1/models HTTP/1.1\r\nhost: a\r\n\r\n";
            client.send(POST + "content-length: " + BODY.length() + "\r\n\r\n" + BODY + get + "GET / HTTP/9.9\r\n\r\n");
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.body()).contains("chat.completion");
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.body()).contains("\"object\":\"list\"");
            assertThat(client.status()).isEqualTo(400);
            assertThat(client.closes()).isTrue();
        }
    }

    @Test
    void shouldSayInJsonThatHeadersOrTargetAreTooLarge() throws Exception {
        try (RawHttp client = connect()) {
            client.send("GET /v1/models HTTP/1.1\r\nhost: a\r\nx: " + "y".repeat(9000) + "\r\n\r\n");
            assertThat(client.status()).isEqualTo(431);
            assertThat(client.body()).contains("headers_too_large");
            assertThat(client.closes()).isTrue();
        }
        try (RawHttp client = connect()) {
            StringBuilder many = new StringBuilder("GET /v1/models HTTP/1.1\r\nhost: a\r\n");
            for (int i = 0; i < 3000; i++) {
                many.append("h").append(i).append(": 1\r\n");
            }
            client.send(many + "\r\n");
            assertThat(client.status()).isEqualTo(431);
        }
        try (RawHttp client = connect()) {
            client.send("GET /" + "v".repeat(5000) + " HTTP/1.1\r\nhost: a\r\n\r\n");
            assertThat(client.status()).isEqualTo(414);
            assertThat(client.body()).contains("uri_too_long");
        }
    }

    /** Only names, values and what separates them count, without the ends of lines. */
    @Test
    void shouldTakeHeadersAndTargetOfTheLimitAndNotAByteMore() throws Exception {
        String rest = "host: a";
        int header = FixedLimits.HTTP_HEADER_BYTES.intValue() - rest.length() - "x: ".length();
        assertThat(statusOf("GET /v1/models HTTP/1.1\r\nhost: a\r\nx: " + "y".repeat(header - 1) + "\r\n\r\n"))
                .isEqualTo(200);
        assertThat(statusOf("GET /v1/models HTTP/1.1\r\nhost: a\r\nx: " + "y".repeat(header) + "\r\n\r\n"))
                .isEqualTo(200);
        assertThat(statusOf("GET /v1/models HTTP/1.1\r\nhost: a\r\nx: " + "y".repeat(header + 1) + "\r\n\r\n"))
                .isEqualTo(431);
        int query = FixedLimits.HTTP_LINE_BYTES.intValue() - "GET /v1/models?q= HTTP/1.1".length();
        assertThat(statusOf("GET /v1/models?q=" + "y".repeat(query - 1) + " HTTP/1.1\r\nhost: a\r\n\r\n"))
                .isEqualTo(200);
        assertThat(statusOf("GET /v1/models?q=" + "y".repeat(query) + " HTTP/1.1\r\nhost: a\r\n\r\n"))
                .isEqualTo(200);
        assertThat(statusOf("GET /v1/models?q=" + "y".repeat(query + 1) + " HTTP/1.1\r\nhost: a\r\n\r\n"))
                .isEqualTo(414);
        assertThat(statusOf("GET /v1/models?q=" + "a%20".repeat(query / 4) + " HTTP/1.1\r\nhost: a\r\n\r\n"))
                .isEqualTo(200);
    }

    private int statusOf(String request) throws IOException {
        try (RawHttp client = connect()) {
            return client.send(request).status();
        }
    }

    @Test
    void shouldEndHeadsThatDoNotComeInTimeAndServeOthersMeanwhile() throws Exception {
        List<RawHttp> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                slow.add(connect().send("POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nx: "));
            }
            bystanderIsServed();
            for (RawHttp client : slow) {
                assertThat(client.status()).isEqualTo(408);
                assertThat(client.closes()).isTrue();
            }
        } finally {
            for (RawHttp client : slow) {
                client.close();
            }
        }
        assertThat(refused("slow_headers")).isEqualTo(30);
    }

    @Test
    void shouldCloseAConnectionThatSendsNoFurtherRequest() throws Exception {
        try (GatewayRig impatient = new GatewayRig("http.idle-time", "PT0.3S");
                RawHttp client = RawHttp.connect(impatient.httpPort())) {
            assertThat(client.send("GET /v1/models HTTP/1.1\r\nhost: a\r\n\r\n").status())
                    .isEqualTo(200);
            client.body();
            assertThat(client.closes()).isTrue();
        }
    }

    /** The decoder says nothing, so the answer is the end of the request's time. */
    @Test
    void shouldKeepAConnectionWhoseAnswerTakesLongerThanTheIdleTime() throws Exception {
        try (GatewayRig impatient = new GatewayRig("http.idle-time", "PT0.3S", "default-deadline", "2s");
                RawHttp client = RawHttp.connect(impatient.httpPort())) {
            impatient.decoder().script(FakeDecoder.Script.of(4).stalling(1));

            assertThat(client.send(POST + "content-length: " + BODY.length() + "\r\n\r\n" + BODY)
                            .status())
                    .isEqualTo(504);
            client.body();
            assertThat(client.closes()).isTrue();
        }
    }

    @Test
    void shouldServeOthersWhileSilentConnectionsTakeAllPlaces() throws Exception {
        List<RawHttp> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 80; i++) {
                silent.add(connect());
            }
            Eventually.holds("the first of them are old enough to lose their place", () -> {
                try (RawHttp bystander = connect()) {
                    return bystander
                                    .send("GET /v1/models HTTP/1.1\r\nhost: a\r\n\r\n")
                                    .status()
                            == 200;
                } catch (IOException refused) {
                    return false;
                }
            });
            bystanderIsServed();
        } finally {
            for (RawHttp client : silent) {
                client.close();
            }
        }
    }

    @Test
    void shouldServeOthersWhileBodiesAreAnnouncedOrTrickle() throws Exception {
        List<RawHttp> attackers = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                attackers.add(connect().send(POST + "content-length: 67108864\r\n\r\n"));
                attackers.add(connect().send(POST + "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n"));
            }
            // 90 % of 20 are for one peer.
            Eventually.holds("all places of this peer are taken", () -> arriving() == 18);
            assertThat(rig.application().api().orElseThrow().budget().held()).isLessThan(1000);
            Eventually.holds("the first of them are old enough to lose their place", () -> {
                try (RawHttp bystander = connect()) {
                    bystander.send(POST + "content-length: " + BODY.length() + "\r\n\r\n" + BODY);
                    return bystander.status() == 200;
                } catch (IOException refused) {
                    return false;
                }
            });
            bystanderIsServed();
            assertThat(refused("displaced")).isPositive();
        } finally {
            for (RawHttp client : attackers) {
                client.close();
            }
        }
    }

    private int arriving() {
        return rig.application().api().orElseThrow().arrivals().size();
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {
            (byte) (payload.length >> 16),
            (byte) (payload.length >> 8),
            (byte) payload.length,
            (byte) type,
            (byte) flags,
            0,
            0,
            0,
            (byte) stream
        });
        out.writeBytes(payload);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldEndFloodsOfSettingsAndPings(int type) throws Exception {
        byte[] flooding = frame(type, 0, 0, new byte[type == 4 ? 0 : 8]);
        try (RawHttp attacker = connect()) {
            attacker.send(PREFACE).send(frame(4, 0, 0, new byte[0]));
            try {
                for (int i = 0; i < 2 * FramePace.MAX_EMPTY; i++) {
                    attacker.send(flooding);
                }
            } catch (IOException closed) {
                // Closed before everything was sent.
            }
            assertThat(attacker.closes()).isTrue();
        }
        bystanderIsServed();
        assertThat(refused("http2_flood")).isEqualTo(1);
    }

    @Test
    void shouldEndAHeadOfHttp2ThatIsNeverWhole() throws Exception {
        try (RawHttp attacker = connect()) {
            attacker.send(PREFACE).send(frame(4, 0, 0, new byte[0])).send(frame(1, 1, 1, new byte[] {(byte) 0x82}));
            bystanderIsServed();
            assertThat(attacker.closes()).isTrue();
        }
        assertThat(refused("slow_headers")).isEqualTo(1);
    }

    @Test
    void shouldSpeakHttp2ToThoseThatKnowItBeforehand() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(rig.url("/v1/chat/completions"))
                                .timeout(Duration.ofSeconds(30))
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
            }
        }
    }
}
