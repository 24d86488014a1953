package org.llavacluster.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.cli.CliException;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.ListModelsRequest;
import org.llavacluster.proto.v1.ListModelsResponse;
import org.llavacluster.proto.v1.LlavaGrpc;

/** Both addresses of a gateway lead to it; other servers at an address are reported. */
class GatewayFinderTest {

    private Server grpc;
    private HttpServer http;
    private String readiness = "";

    @BeforeEach
    void start() throws IOException {
        grpc = NettyServerBuilder.forAddress(loopback())
                .addService(new LlavaGrpc.LlavaImplBase() {
                    @Override
                    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> answer) {
                        answer.onNext(ListModelsResponse.getDefaultInstance());
                        answer.onCompleted();
                    }

                    @Override
                    public void chat(ChatRequest request, StreamObserver<ChatEvent> answer) {
                        answer.onNext(ChatEvent.newBuilder()
                                .setDelta(Delta.newBuilder().setText("here"))
                                .build());
                        answer.onCompleted();
                    }
                })
                .build()
                .start();
        http = HttpServer.create(loopback(), 0);
        http.createContext("/", exchange -> {
            byte[] body = readiness.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(readiness.isEmpty() ? 404 : 503, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
    }

    @AfterEach
    void stop() {
        grpc.shutdownNow();
        http.stop(0);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private int httpPort() {
        return http.getAddress().getPort();
    }

    private void tellGrpcPort(int port) {
        readiness = "{\"status\":\"DOWN\",\"checks\":[{\"name\":\"other\"},{\"name\":\"workers\",\"status\":\"DOWN\","
                + "\"data\":{\"grpc_port\":" + port + ",\"reason\":\"no vision node is available\"}}]}";
    }

    private static void assertAnswers(String target) {
        StringBuilder answer = new StringBuilder();
        try (GatewayClient client = GatewayFinder.connect(TargetAddress.parse(target))) {
            client.chat(
                    ChatRequest.getDefaultInstance(),
                    event -> answer.append(event.getDelta().getText()));
        }
        assertThat(answer).hasToString("here");
    }

    @Test
    void shouldConnectToTheGrpcAddress() {
        assertAnswers("127.0.0.1:" + grpc.getPort());
        assertAnswers("ready grpc=127.0.0.1:" + grpc.getPort() + " http=http://127.0.0.1:" + httpPort());
    }

    @Test
    void shouldFindTheGrpcAddressOverHttp() {
        tellGrpcPort(grpc.getPort());
        assertAnswers("http://127.0.0.1:" + httpPort());
        assertAnswers("http://localhost:" + httpPort() + "/v1");
        assertAnswers("127.0.0.1:" + httpPort());
    }

    @Test
    void shouldNameWhatIsNoGateway() {
        assertFails("http://127.0.0.1:" + httpPort(), "no gateway of a LLaVA cluster answers there");
        assertFails("127.0.0.1:" + httpPort(), "does not speak gRPC|closed by the other side");
        readiness = "<html>hello</html>";
        assertFails("http://127.0.0.1:" + httpPort(), "no gateway of a LLaVA cluster answers there");
    }

    @Test
    void shouldNameAWorkerThatIsNoGateway() throws IOException {
        Server worker = NettyServerBuilder.forAddress(loopback()).build().start();
        try {
            assertFails("127.0.0.1:" + worker.getPort(), "not the gateway of a LLaVA cluster");
        } finally {
            worker.shutdownNow();
        }
    }

    @Test
    void shouldNameTheAddressWhereNothingListens() throws IOException {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        assertFails("127.0.0.1:" + free, "nothing listens there \\(connection refused\\)");
        assertFails("http://127.0.0.1:" + free, ":" + free + ": nothing listens there \\(connection refused\\)");
        assertFails("[::1]:" + free, "\\[::1\\]:" + free + ": ");
        tellGrpcPort(free);
        assertFails("http://127.0.0.1:" + httpPort(), "127.0.0.1:" + free + ": nothing listens there");
    }

    @Test
    void shouldNameAHostThatDoesNotExist() {
        assertFails("no-such-host.invalid:9000", "no-such-host.invalid:9000: there is no host of that name");
        assertFails("http://no-such-host.invalid:9000", "no-such-host.invalid:9000: there is no host of that name");
    }

    private static void assertFails(String target, String pattern) {
        assertThatThrownBy(() -> GatewayFinder.connect(TargetAddress.parse(target)))
                .isInstanceOf(CliException.class)
                .message()
                .containsPattern(pattern)
                .hasLineCount(1)
                .doesNotContainPattern("Exception|Metadata|java\\.|io\\.grpc|null");
    }
}
