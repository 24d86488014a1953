package org.llavacluster.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.gateway.fake.Requests.asking;
import static org.llavacluster.gateway.fake.Requests.askingAbout;
import static org.llavacluster.gateway.fake.Requests.freshImage;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.gateway.fake.Answer;
import org.llavacluster.gateway.fake.Eventually;
import org.llavacluster.gateway.fake.FakeDecoder.Script;
import org.llavacluster.gateway.fake.FakeVision;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.CountTokensRequest;
import org.llavacluster.proto.v1.CountTokensResponse;
import org.llavacluster.proto.v1.LlavaGrpc;
import org.llavacluster.proto.v1.PutImageRequest;
import org.llavacluster.proto.v1.PutImageResponse;

/** Order and isolation of tenants' requests, and the batches that their images leave in. */
class TenantsTest {

    private static final int WAITING = 6;

    private GatewayRig rig;

    @BeforeEach
    void start() throws InterruptedException {
        rig = new GatewayRig("max-running", "1", "max-waiting", "" + WAITING, "tenant-header", "x-tenant");
    }

    @AfterEach
    void stop() {
        rig.awaitReleased();
        rig.close();
    }

    private LlavaGrpc.LlavaStub of(String tenant) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("x-tenant", Metadata.ASCII_STRING_MARSHALLER), tenant);
        return rig.stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private Answer ask(String tenant, ChatRequest.Builder request) {
        return Answer.to(of(tenant), request.build());
    }

    private int waiting() {
        return rig.application().api().orElseThrow().chat().waiting();
    }

    /** A request that has the only place until it is cancelled. */
    private Answer occupant() {
        rig.decoder().script(Script.of(8).stalling(1));
        Answer running = ask("first", asking("Running"));
        Eventually.holds("it runs", () -> running.ids().size() == 1);
        rig.decoder().script(Script.of(2));
        return running;
    }

    private Answer waiting(String tenant, ChatRequest.Builder request) {
        int before = waiting();
        Answer answer = ask(tenant, request);
        Eventually.holds("it waits", () -> waiting() == before + 1);
        return answer;
    }

    /** The order in which requests began that waited for the occupant's place. */
    private List<Answer> order(Answer occupant, List<Answer> waiting) {
        List<Answer> order = new ArrayList<>();
        rig.decoder().script(Script.of(8).stalling(1));
        occupant.cancel();
        while (order.size() < waiting.size()) {
            List<Answer> begun = new ArrayList<>();
            Eventually.holds("the next begins", () -> {
                begun.clear();
                waiting.stream()
                        .filter(answer ->
                                !order.contains(answer) && !answer.ids().isEmpty())
                        .forEach(begun::add);
                return begun.size() == 1;
            });
            order.addAll(begun);
            begun.getFirst().cancel();
        }
        return order;
    }

    @Test
    void shouldServeTenantsInTurnsAndATenantsRequestsByPriority() {
        Answer occupant = occupant();
        List<Answer> flood = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            flood.add(waiting("flood", asking("Flood " + i)));
        }
        Answer urgent = waiting("flood", asking("Flood 9").setPriority(5));
        Answer quiet = waiting("quiet", asking("Quiet 0"));
        List<Answer> all = new ArrayList<>(flood);
        all.addAll(List.of(urgent, quiet));
        List<Answer> order = order(occupant, all);
        assertThat(order.subList(0, 2)).containsExactlyInAnyOrder(urgent, quiet);
        assertThat(order.subList(2, 6)).isEqualTo(flood);
    }

    @Test
    void shouldRefuseTheLastOfTheLargestTenantWhenItsQueueIsFull() {
        Answer occupant = occupant();
        List<Answer> flood = new ArrayList<>();
        for (int i = 0; i < WAITING; i++) {
            flood.add(waiting("flood", asking("Flood " + i)));
        }
        Answer quiet = ask("quiet", asking("Quiet"));
        Status refused = flood.removeLast().status();
        assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        Answer urgent = ask("flood", asking("Urgent").setPriority(1));
        assertThat(flood.removeLast().status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        occupant.cancel();
        flood.forEach(Answer::succeeded);
        quiet.succeeded();
        urgent.succeeded();
    }

    @Test
    void shouldRefuseNoRequestForTheChoicesOfAnother() {
        rig.decoder().script(Script.of(8).stalling(1));
        Answer running = ask("first", asking("Running").setN(8));
        Eventually.holds("all its choices run", () -> rig.decoder().calls() == 8);
        assertThat(waiting()).as("choices do not wait as requests").isZero();
        Answer other = Answer.to(
                of("first").withDeadlineAfter(3, TimeUnit.SECONDS),
                asking("Other").build());
        assertThat(other.status().getCode()).as("it waits").isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        running.cancel();
    }

    @Test
    void shouldNeverShareTensorsBetweenTenants() {
        ByteString image = freshImage("scene.png");
        rig.decoder().script(Script.of(2));
        Set<ByteString> salts = new HashSet<>();
        for (String tenant : List.of("one", "two", "one")) {
            Answer answer = ask(tenant, asking("What?", image)).succeeded();
            salts.add(rig.decoder().start(answer.started().getRequestId()).getPrefixSalt());
        }
        assertThat(rig.vision().images())
                .extracting(EncodeImage::getFeatureKey)
                .hasSize(2)
                .doesNotHaveDuplicates();
        assertThat(rig.vision().images())
                .extracting(EncodeImage::getImageId)
                .containsOnly(rig.vision().images().getFirst().getImageId());
        assertThat(salts).hasSize(2);
    }

    private CompletableFuture<ByteString> upload(String tenant, ByteString file) {
        CompletableFuture<ByteString> id = new CompletableFuture<>();
        StreamObserver<PutImageRequest> pieces = of(tenant).putImage(new StreamObserver<>() {
            @Override
            public void onNext(PutImageResponse kept) {
                id.complete(kept.getId());
            }

            @Override
            public void onError(Throwable refused) {
                id.completeExceptionally(refused);
            }

            @Override
            public void onCompleted() {}
        });
        pieces.onNext(PutImageRequest.newBuilder().setTotalBytes(file.size()).build());
        pieces.onNext(PutImageRequest.newBuilder().setData(file).build());
        pieces.onCompleted();
        return id;
    }

    private Status count(String tenant, ByteString id) {
        CompletableFuture<Status> ended = new CompletableFuture<>();
        of(tenant)
                .countTokens(
                        CountTokensRequest.newBuilder()
                                .setConversation(askingAbout("What?", id).getConversation())
                                .build(),
                        new StreamObserver<>() {
                            @Override
                            public void onNext(CountTokensResponse counted) {}

                            @Override
                            public void onError(Throwable refused) {
                                ended.complete(Status.fromThrowable(refused));
                            }

                            @Override
                            public void onCompleted() {
                                ended.complete(Status.OK);
                            }
                        });
        return ended.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** The id of an image is a digest of its file: it must not be a key to what others sent. */
    @Test
    void shouldFindImagesByIdOnlyForTheTenantThatSentThem() {
        rig.decoder().script(Script.of(2));
        ByteString sent = ask("one", asking("What?", freshImage("scene.png")))
                .succeeded()
                .started()
                .getImageIds(0);
        ByteString uploaded = upload("one", freshImage("scene.png"))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        for (ByteString id : List.of(sent, uploaded)) {
            Status refused = ask("two", askingAbout("What?", id)).status();
            assertThat(refused.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(refused.getDescription()).endsWith("the image is not here any more; send the image again");
            assertThat(count("two", id).getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(count("one", id)).isEqualTo(Status.OK);
            ask("one", askingAbout("What?", id)).succeeded();
        }
        assertThat(upload("x".repeat(129), freshImage("scene.png")))
                .failsWithin(Duration.ofSeconds(60))
                .withThrowableThat()
                .withMessageContaining("x-tenant must have 1 to 128 visible ASCII characters");
    }

    @Test
    void shouldRefuseWhatCannotNameATenantOrAPriority() throws Exception {
        Status refused = ask("x".repeat(129), asking("What?")).status();
        assertThat(refused.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getDescription())
                .isEqualTo("x-tenant must have 1 to 128 visible ASCII characters, given 129");
        assertThat(ask("a", asking("What?").setPriority(101)).status().getDescription())
                .isEqualTo("priority must be from -100 to 100, given 101");
        assertThat(post("x-llava-priority", "101").body()).contains("priority must be from -100 to 100, given 101");
        assertThat(post("x-llava-priority", "high").body()).contains("x-llava-priority must be a whole number");
        assertThat(post("x-llava-priority", "-100").statusCode()).isEqualTo(200);
        assertThat(post("x-tenant", "a b").statusCode()).isEqualTo(400);
        assertThat(post("x-tenant", "a").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> post(String header, String value) throws Exception {
        URI url = rig.url("/v1/chat/completions");
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"What?\"}],\"max_tokens\":2}";
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(url)
                            .header("content-type", "application/json")
                            .header(header, value)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void shouldSendTheImagesOfARequestInOneCallOfWhichABadOneFailsAlone() {
        ByteString[] images = {freshImage("scene.png"), freshImage("scene.jpg"), freshImage("scene.png")};
        rig.decoder().script(Script.of(2));
        ask("one", asking("What?", images)).succeeded();
        assertThat(rig.vision().images()).hasSize(3);
        assertThat(rig.vision().calls()).isEqualTo(1);

        ByteString bad = freshImage("landscape.png");
        ByteString good = freshImage("scene.png");
        rig.vision()
                .answer(image ->
                        image.getTotalBytes() == bad.size() ? FakeVision.Answer.REFUSED : FakeVision.Answer.ENCODED);
        rig.vision().hold();
        Answer fails = ask("one", asking("What?", bad));
        Answer succeeds = ask("one", asking("What?", good));
        Eventually.holds("both are sent", () -> rig.vision().images().size() == 5);
        rig.vision().release();
        assertThat(fails.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        succeeds.succeeded();
    }
}
