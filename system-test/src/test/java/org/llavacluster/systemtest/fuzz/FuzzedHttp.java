package org.llavacluster.systemtest.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavacluster.systemtest.harness.Launcher;

/** Sends requests to the gateway's HTTP port and checks that the answers are valid. */
final class FuzzedHttp implements AutoCloseable {

    private static final String IMAGE = image();

    /** Valid bodies. */
    static final List<String> BODIES = List.of(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"what?\"}],\"max_tokens\":3}",
            "{\"model\":\"llava-1.5-tiny\",\"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},"
                    + "{\"role\":\"user\",\"content\":"
                    + "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + IMAGE
                    + "\",\"detail\":\"auto\"}},{\"type\":\"text\",\"text\":\"what is this?\"}]}],"
                    + "\"max_tokens\":3,\"stream\":true,"
                    + "\"stream_options\":{\"include_usage\":true}}",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"},"
                    + "{\"role\":\"user\",\"content\":"
                    + "\"c\"}],\"max_completion_tokens\":3,\"temperature\":0.7,\"top_p\":0.9,\"top_k\":5,"
                    + "\"min_p\":0.1,\"seed\":4,"
                    + "\"stop\":[\"x\",\"y\"],\"logprobs\":true,\"top_logprobs\":2,\"n\":2,\"presence_penalty\":0.5,"
                    + "\"frequency_penalty\":-0.5,\"logit_bias\":{\"5\":10},\"stop_token_ids\":[3],"
                    + "\"ignore_eos\":false,\"min_tokens\":1,"
                    + "\"user\":\"somebody\"}");

    static final List<String> NAMES = List.of(
            "messages",
            "role",
            "content",
            "user",
            "assistant",
            "system",
            "developer",
            "tool",
            "type",
            "text",
            "image_url",
            "url",
            "detail",
            "model",
            "max_tokens",
            "max_completion_tokens",
            "stream",
            "stream_options",
            "include_usage",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "seed",
            "stop",
            "logprobs",
            "top_logprobs",
            "n",
            "logit_bias",
            "tools",
            "tool_choice",
            "response_format",
            "functions",
            "name",
            "refusal",
            "metadata",
            "data:image/png;base64,AAAA",
            IMAGE,
            "sha256:" + "0".repeat(64),
            "https://example.org/a.png",
            "<image>",
            "\u0000",
            "\ud800",
            "é🦙",
            "",
            " ");

    /** Valid requests, some of them followed by another. */
    static final List<String> HEADS = List.of(
            "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nUser-Agent: client/1.0\r\n\r\n"
                    + "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "HEAD /v1/models HTTP/1.1\r\nHost: [::1]:80\r\nx-request-id: one\r\nConnection: close\r\n\r\n",
            "OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
                    + "Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n",
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json; charset=utf-8\r\n"
                    + "Content-Length: 68\r\nConnection: close\r\n\r\n"
                    + "{\"messages\":[{\"role\":\"user\",\"content\":\"what?\"}],\"max_tokens\":2}    ",
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n"
                    + "Connection: close\r\nTE: trailers\r\n\r\n"
                    + "40\r\n{\"messages\":[{\"role\":\"user\",\"content\":\"what?\"}],\"max_tokens\":2}\r\n0\r\n\r\n",
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 2\r\n"
                    + "Expect: 100-continue\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n{}",
            "GET /metrics HTTP/1.0\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");

    static final List<String> HEAD_WORDS = List.of(
            "GET ",
            "POST ",
            "HEAD ",
            "PUT ",
            "DELETE ",
            "CONNECT ",
            "TRACE ",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            " HTTP/1.1",
            " HTTP/1.0",
            " HTTP/9.9",
            " HTTP/2.0",
            "/",
            "//",
            "/../",
            "/%2e%2e/",
            "*",
            "http://localhost/v1/models",
            "?",
            "#",
            "%00",
            "\r\n",
            "\n",
            "\r",
            "\r\n\r\n",
            ": ",
            ":",
            " ",
            "\t",
            "\u0000",
            "\u0080",
            "Host: a\r\n",
            "Content-Length: 0\r\n",
            "Content-Length: 5\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: 99999999999\r\n",
            "Content-Length: 67108864\r\n",
            "Content-Length: +5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: identity\r\n",
            "Transfer-Encoding : chunked\r\n",
            "Expect: 100-continue\r\n",
            "Expect: 200-ok\r\n",
            "Connection: keep-alive\r\n",
            "Connection: close\r\n",
            "Content-Encoding: gzip\r\n",
            "Content-Encoding: br\r\n",
            "Content-Type: text/plain\r\n",
            "Content-Type: application/json; charset=utf-16\r\n",
            "Cookie: a=b\r\n",
            "Range: bytes=0-1\r\n",
            "x: ",
            "0\r\n\r\n",
            "ffffffff\r\n",
            "5;a=b\r\nhello\r\n",
            "grpc-timeout: 1S\r\n",
            "x-request-id: \u00e9\r\n",
            "a".repeat(5000));

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([0-9]{3}) ");

    /** Allowed statuses from 500 up; 500 itself would be a fault of the server. */
    private static final Set<Integer> SERVER_ERRORS = Set.of(501, 503, 504, 505);

    private final URI base;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static String image() {
        try {
            byte[] file = Files.readAllBytes(Launcher.fixture("images/one-pixel.png"));
            return "data:image/png;base64," + Base64.getEncoder().encodeToString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FuzzedHttp(URI base) {
        this.base = base;
    }

    /** Sends a body over a connection that is reused. */
    void post(byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/v1/chat/completions"))
                .header("content-type", "application/json")
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<String> response = answer(request);
        int status = response.statusCode();
        assertThat(status).isNotEqualTo(500).satisfies(code -> assertThat(code / 100)
                .isNotEqualTo(3));
        if (status == 200) {
            assertThat(response.body().strip()).as("a whole answer").matches("(?s)\\{.*}|.*data: \\[DONE]");
            assertThat(response.body()).doesNotContain("server_error", "internal error");
        } else {
            assertThat(status < 500 || SERVER_ERRORS.contains(status))
                    .as("status " + status)
                    .isTrue();
            JsonNode error = new ObjectMapper().readTree(response.body()).path("error");
            assertThat(error.path("message").asText())
                    .isNotBlank()
                    .doesNotContain("\n")
                    .doesNotContain("Exception");
        }
    }

    /** Sends a request once more if the server closed the idle connection at the same moment. */
    private HttpResponse<String> answer(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException closed) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    /** Sends bytes over a new connection and checks that all that is received is HTTP without a fault of the server. */
    void send(byte[] bytes) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
            socket.setSoTimeout((int) PATIENCE.toMillis());
            try {
                socket.getOutputStream().write(bytes);
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // The server answered and closed before it read everything. Its answer can still be read.
            }
            check(read(socket.getInputStream()));
        }
    }

    /** Reads until the server closes or resets the connection. */
    private static byte[] read(InputStream in) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                answer.write(buffer, 0, count);
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the connection is still open after " + PATIENCE, e);
        } catch (java.net.SocketException e) {
            // TCP sends a reset if a side closes before it has read everything.
        }
        return answer.toByteArray();
    }

    private static void check(byte[] answer) {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        if (!text.isEmpty()) {
            assertThat(text).startsWith("HTTP/1.");
        }
        Matcher status = STATUS_LINE.matcher(text);
        while (status.find()) {
            int code = Integer.parseInt(status.group(1));
            assertThat(code < 500 || SERVER_ERRORS.contains(code))
                    .as("status " + code)
                    .isTrue();
        }
        assertThat(text).doesNotContain("Exception", "\tat ");
    }

    /** Checks that a valid request is answered. */
    void assertServes() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/v1/models"))
                .timeout(PATIENCE)
                .build();
        assertThat(answer(request).statusCode()).isEqualTo(200);
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
