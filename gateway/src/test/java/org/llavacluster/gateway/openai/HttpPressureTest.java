package org.llavacluster.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.gateway.openai.HttpClientRig.asking;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.gateway.fake.Eventually;
import org.llavacluster.gateway.fake.FakeDecoder.Script;
import org.llavacluster.gateway.fake.GatewayRig;

/**
 * Below HTTP: slow readers, clients that leave, bodies that do not fit.
 *
 * <p>Holds the limit {@code FixedLimits.UNSENT_BYTES}.
 */
class HttpPressureTest {

    private static final int MEGABYTE = 1 << 20;

    private GatewayRig rig;
    private HttpClientRig http;

    @BeforeEach
    void start() throws InterruptedException {
        rig = new GatewayRig();
        http = new HttpClientRig(rig);
    }

    @AfterEach
    void stop() {
        rig.awaitReleased();
        http.close();
        rig.close();
    }

    /** A connection with a small receive buffer. */
    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress("127.0.0.1", rig.httpPort()));
        return socket;
    }

    private static void post(Socket socket, String headers, String body) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(("POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\n" + headers
                        + "\r\n" + body)
                .getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void post(Socket socket, String body) throws IOException {
        post(socket, "content-length: " + body.length() + "\r\n", body);
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String readUntil(BufferedReader reader, String start) throws IOException {
        String line = reader.readLine();
        while (line != null && !(start.isEmpty() ? line.isEmpty() : line.startsWith(start))) {
            line = reader.readLine();
        }
        return line;
    }

    private static String read(BufferedReader reader, int length) throws IOException {
        char[] body = new char[length];
        for (int at = 0, read; at < length; at += read) {
            read = reader.read(body, at, length - at);
            assertThat(read).as("%s of %s characters", at, length).isPositive();
        }
        return new String(body);
    }

    @Test
    void shouldPauseTheDecoderOfAClientThatDoesNotReadAndNoOther() throws Exception {
        int tokens = 400;
        // A token with 2000 alternatives is about 12 kB from the decoder and 100 kB to the client.
        rig.decoder().script(Script.of(tokens).alternatives(2000));
        String request =
                asking("What?", "\"stream\":true,\"logprobs\":true,\"top_logprobs\":20,\"max_tokens\":" + tokens);
        try (Socket slow = connect()) {
            post(slow, request);
            BufferedReader reader = reader(slow);
            String id = readUntil(reader, "x-request-id: ").substring("x-request-id: ".length());
            Eventually.holds("the decoder has begun", () -> rig.decoder().start(id) != null);
            rig.decoder().script(Script.of(tokens));
            for (int i = 0; i < 3; i++) {
                assertThat(http.complete(asking("And?", "\"max_tokens\":" + tokens))
                                .statusCode())
                        .isEqualTo(200);
            }
            // In flight: the sockets' buffers, which the kernel grows to a few megabytes, and the transports' queues.
            assertThat(rig.decoder().sent(id)).isLessThan(150);
            assertThat(readUntil(reader, "data: [DONE]")).isEqualTo("data: [DONE]");
            assertThat(rig.decoder().sent(id)).isEqualTo(tokens);
        }
    }

    @Test
    void shouldFreeTheDecoderWhenTheClientLeavesInTheMiddle() throws Exception {
        rig.decoder().script(Script.of(8).stalling(3));
        for (String stream : new String[] {"true", "false"}) {
            int cancelled = rig.decoder().cancelled();
            int calls = rig.decoder().calls();
            try (Socket client = connect()) {
                post(client, asking("What?", "\"stream\":" + stream));
                Eventually.holds("the decoder has begun", () -> rig.decoder().calls() == calls + 1);
            }
            Eventually.holds("the decoder was cancelled", () -> rig.decoder().cancelled() == cancelled + 1);
        }
        rig.awaitReleased();
        assertThat(rig.count("cancelled")).isEqualTo(2);
    }

    @Test
    void shouldForgetAClientThatLeavesBeforeItsBodyIsWhole() throws Exception {
        try (Socket client = connect()) {
            post(client, "content-length: 1000000\r\n", "{\"model\":");
            Eventually.holds(
                    "memory is reserved",
                    () -> rig.application().api().orElseThrow().budget().held() > 0);
        }
        rig.awaitReleased();
        assertThat(rig.count("submitted")).isZero();
    }

    @Test
    void shouldRefuseABodyThatSaysItIsTooLargeBeforeItComes() throws Exception {
        try (Socket client = connect()) {
            post(client, "content-length: 100000000\r\n", "{");
            BufferedReader reader = reader(client);
            assertThat(reader.readLine()).startsWith("HTTP/1.1 413 ");
            int length = Integer.parseInt(readUntil(reader, "content-length: ").substring("content-length: ".length()));
            readUntil(reader, "");
            assertThat(read(reader, length))
                    .contains("body is limited to 67108864 bytes, given 100000000")
                    .contains("\"param\":\"body\"");
            assertThat(rig.application().api().orElseThrow().budget().held()).isZero();
        }
    }

    @Test
    void shouldRefuseALargeBodyThatComesInPiecesAndLetItsClientSeeWhy() throws Exception {
        try (Socket client = connect()) {
            post(client, "transfer-encoding: chunked\r\n", "");
            OutputStream out = client.getOutputStream();
            byte[] piece = new byte[MEGABYTE];
            for (int i = 0; i < 100; i++) {
                out.write("100000\r\n".getBytes(StandardCharsets.US_ASCII));
                out.write(piece);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(reader(client).readLine()).startsWith("HTTP/1.1 413 ");
        }
        assertThat(http.complete(asking("Still there?", "")).statusCode()).isEqualTo(200);
    }

    @Test
    void shouldRefuseWhatDoesNotParseAndGoOn() throws Exception {
        for (String body : new String[] {
            "",
            "{",
            "[]",
            "{\"model\":\"a\",\"model\":\"b\"}",
            "[".repeat(MEGABYTE),
            "{\"a\":".repeat(MEGABYTE / 5),
            "{\"messages\":[" + "0,".repeat(MEGABYTE) + "0]}"
        }) {
            var refused = http.complete(body);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(HttpClientRig.json(refused).path("error").path("param").textValue())
                    .isEqualTo("body");
        }
        assertThat(http.complete(asking("Still there?", "")).statusCode()).isEqualTo(200);
    }
}
