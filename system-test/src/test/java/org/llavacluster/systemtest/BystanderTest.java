package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.EncodeResult;
import org.llavacluster.proto.cluster.v1.VisionGrpc;
import org.llavacluster.proto.v1.LlavaGrpc;
import org.llavacluster.proto.v1.PutImageRequest;
import org.llavacluster.proto.v1.PutImageResponse;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.RunningCluster;

/**
 * A client that behaves, beside one that does not, from the same address: nothing of its own is refused while the
 * attack stands, over HTTP, over gRPC, with text and with images that are new.
 */
class BystanderTest {

    private static final String QUESTION =
            "{\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":\"What?\"}]}";
    private static final String POST = "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\n";
    private static final String JSON = "content-type: application/json\r\n";
    private static final int REQUESTS = 5;

    private static RunningCluster cluster;
    private static URI http;

    /** What an attack holds until it ends, the last first. */
    private static final Deque<AutoCloseable> HELD = new ArrayDeque<>();

    private static int images;

    /** Starts to misbehave, and returns while it goes on. */
    private interface Attack {
        void begin() throws Exception;
    }

    @BeforeAll
    static void start() throws IOException {
        cluster = RunningCluster.up(Launcher.fixture("llava-1.5-tiny"));
        http = cluster.service("gateway-0").http();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    static Stream<Named<Attack>> attacks() {
        return Stream.of(
                Named.of(
                        "bodies that are announced and do not come",
                        () -> post(2, JSON + "content-length: 67108864\r\n\r\n")),
                Named.of("600 bodies that stop after a byte", () -> post(600, JSON + "content-length: 200\r\n\r\n{")),
                Named.of(
                        "chunked bodies that stop within a chunk",
                        () -> post(100, JSON + "transfer-encoding: chunked\r\n\r\n5\r\n{")),
                Named.of("heads that stop", () -> raw(http.getPort(), 200, bytes(POST + "x: "))),
                Named.of(
                        "600 calls without a message on one connection",
                        () -> raw(grpcPort("gateway-0"), 1, calls(600))),
                Named.of("uploads that stop after a byte", BystanderTest::uploads),
                Named.of("calls whose messages are no protobuf", BystanderTest::garbage),
                Named.of("images of 64 megapixels in a few bytes", BystanderTest::bombs),
                Named.of("images at the vision port that stop after a byte", BystanderTest::encodes),
                Named.of(
                        "requests that two servers could read differently",
                        () -> post(50, JSON + "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")),
                Named.of(
                        "bodies of another type",
                        () -> post(50, "content-type: text/plain\r\ncontent-length: 2\r\n\r\n{}")),
                Named.of("silent connections at the gRPC port", () -> raw(grpcPort("gateway-0"), 700, new byte[0])),
                Named.of("silent connections at the HTTP port", () -> raw(http.getPort(), 700, new byte[0])),
                Named.of("a flood of pings", () -> raw(http.getPort(), 5, pings())),
                Named.of(
                        "silent connections at the decoder's port",
                        () -> raw(grpcPort("decoder-0"), 300, new byte[0])));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void shouldServeABystander(Attack attack) throws Exception {
        try {
            attack.begin();
            for (int i = 0; i < REQUESTS; i++) {
                assertServedOverHttp(QUESTION);
                assertThat(cluster.client()
                                .chat(ChatClient.raw("fox", 2).build())
                                .tokenIds())
                        .hasSize(2);
            }
            assertServedOverHttp(withImage(newImage(2, 2)));
        } finally {
            while (!HELD.isEmpty()) {
                HELD.pop().close();
            }
        }
    }

    /** On a connection of its own, as a new client comes. */
    private static void assertServedOverHttp(String body) throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var answer = client.send(
                    HttpRequest.newBuilder(http.resolve("/v1/chat/completions"))
                            .header("content-type", "application/json")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    private static void post(int connections, String rest) throws IOException {
        raw(http.getPort(), connections, bytes(POST + rest));
    }

    /** So many connections that send this and nothing more. */
    private static void raw(int port, int connections, byte[] sent) throws IOException {
        for (int i = 0; i < connections; i++) {
            Socket socket = new Socket();
            HELD.push(socket);
            try {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                socket.getOutputStream().write(sent);
                socket.getOutputStream().flush();
            } catch (IOException refused) {
                // The server may close a connection before it has everything.
            }
        }
    }

    private static int grpcPort(String service) {
        String address = cluster.service(service).grpc();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putShort((short) (payload.length >> 8))
                .put((byte) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    private static byte[] preface() {
        return bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }

    /** Settings are never acknowledged, so the server's limit of streams was never agreed to. */
    private static byte[] calls(int count) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (String field : List.of(
                ":method=POST",
                ":scheme=http",
                ":path=/llava.v1.Llava/Chat",
                ":authority=x",
                "content-type=application/grpc",
                "te=trailers")) {
            int at = field.indexOf('=');
            head.write(0);
            head.write(at);
            head.writeBytes(bytes(field.substring(0, at)));
            head.write(field.length() - at - 1);
            head.writeBytes(bytes(field.substring(at + 1)));
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(preface());
        all.writeBytes(frame(4, 0, 0, new byte[0]));
        for (int i = 0; i < count; i++) {
            all.writeBytes(frame(1, 4, 1 + 2 * i, head.toByteArray()));
        }
        return all.toByteArray();
    }

    private static byte[] pings() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(preface());
        all.writeBytes(frame(4, 0, 0, new byte[0]));
        for (int i = 0; i < 2000; i++) {
            all.writeBytes(frame(6, 0, 0, new byte[8]));
        }
        return all.toByteArray();
    }

    private static ManagedChannel attacker(String service) {
        ManagedChannel channel = cluster.channel(service);
        HELD.push(channel::shutdownNow);
        return channel;
    }

    private static void uploads() {
        ManagedChannel channel = attacker("gateway-0");
        for (int i = 0; i < 20; i++) {
            StreamObserver<PutImageRequest> upload =
                    LlavaGrpc.newStub(channel).putImage(new Unheard<PutImageResponse>());
            upload.onNext(PutImageRequest.newBuilder().setTotalBytes(20_000_000).build());
            upload.onNext(PutImageRequest.newBuilder()
                    .setData(ByteString.copyFromUtf8("x"))
                    .build());
        }
    }

    private static void garbage() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(calls(50));
        for (int i = 0; i < 50; i++) {
            all.writeBytes(frame(0, 1, 1 + 2 * i, new byte[] {0, 0, 0, 0, 2, 0x0a, (byte) 0xff}));
        }
        raw(grpcPort("gateway-0"), 2, all.toByteArray());
    }

    /** As many as a request may have; each has a frame of one pixel. */
    private static void bombs() throws IOException {
        for (int i = 0; i < 6; i++) {
            StringBuilder content = new StringBuilder();
            for (int j = 0; j < 4; j++) {
                content.append(image(newImage(8000, 8000))).append(',');
            }
            String body = "{\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[" + content
                    + "{\"type\":\"text\",\"text\":\"x\"}]}]}";
            post(1, JSON + "content-length: " + body.length() + "\r\n\r\n" + body);
        }
    }

    private static void encodes() {
        ManagedChannel channel = attacker("vision-0");
        for (int i = 0; i < 50; i++) {
            StreamObserver<EncodeRequest> call = VisionGrpc.newStub(channel).encode(new Unheard<EncodeResult>());
            call.onNext(EncodeRequest.newBuilder()
                    .setImage(EncodeImage.newBuilder()
                            .setFeatureKey(ByteString.copyFrom(new byte[32]))
                            .setImageId(ByteString.copyFrom(new byte[32]))
                            .setTotalBytes(20_000_000)
                            .setWidth(8000)
                            .setHeight(8000)
                            .setRequester("requester " + i))
                    .build());
            call.onNext(EncodeRequest.newBuilder()
                    .setData(ByteString.copyFromUtf8("x"))
                    .build());
        }
    }

    private static String withImage(byte[] file) {
        return "{\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[" + image(file)
                + ",{\"type\":\"text\",\"text\":\"x\"}]}]}";
    }

    private static String image(byte[] file) {
        return "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/gif;base64,"
                + Base64.getEncoder().encodeToString(file) + "\"}}";
    }

    /** A GIF whose only frame has one pixel; a comment makes each another file. */
    private static byte[] newImage(int width, int height) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(bytes("GIF89a"));
        parts.add(ByteBuffer.allocate(7)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) width)
                .putShort((short) height)
                .put((byte) 0x80)
                .array());
        parts.add(new byte[] {0, 0, 0, -1, -1, -1, 0x21, -2, 4});
        parts.add(ByteBuffer.allocate(4).putInt(++images).array());
        parts.add(new byte[] {0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b});
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** Takes whatever comes. */
    private static final class Unheard<A> implements StreamObserver<A> {

        @Override
        public void onNext(A answer) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
    }
}
