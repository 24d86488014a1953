package org.llavacluster.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.gateway.fake.Requests.asking;
import static org.llavacluster.gateway.fake.Requests.askingAbout;
import static org.llavacluster.gateway.fake.Requests.data;
import static org.llavacluster.gateway.fake.Requests.image;
import static org.llavacluster.gateway.fake.Requests.size;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llavacluster.gateway.fake.Answer;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.gateway.image.ImageId;
import org.llavacluster.proto.v1.CountTokensRequest;
import org.llavacluster.proto.v1.CountTokensResponse;
import org.llavacluster.proto.v1.ListModelsRequest;
import org.llavacluster.proto.v1.Model;
import org.llavacluster.proto.v1.PutImageRequest;
import org.llavacluster.proto.v1.PutImageResponse;

/** Holds the limit {@code FixedLimits.UPLOAD_PIECE_BYTES}. */
class ImageUploadTest {

    private static GatewayRig rig;

    @BeforeAll
    static void start() throws InterruptedException {
        rig = new GatewayRig("max-image-bytes", "3000000", "image-lifetime", "90s");
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @AfterEach
    void everythingIsGivenBack() {
        rig.awaitReleased();
    }

    /** What a client receives. */
    private static final class Reply implements StreamObserver<PutImageResponse> {

        private final CompletableFuture<PutImageResponse> response = new CompletableFuture<>();

        @Override
        public void onNext(PutImageResponse value) {
            response.complete(value);
        }

        @Override
        public void onError(Throwable t) {
            response.completeExceptionally(t);
        }

        @Override
        public void onCompleted() {}
    }

    private static Reply put(boolean complete, PutImageRequest... messages) {
        Reply reply = new Reply();
        StreamObserver<PutImageRequest> upload = rig.stub().putImage(reply);
        List.of(messages).forEach(upload::onNext);
        if (complete) {
            upload.onCompleted();
        }
        return reply;
    }

    private static PutImageResponse accepted(Reply reply) throws Exception {
        return reply.response.get(20, TimeUnit.SECONDS);
    }

    private static Status refused(Reply reply) throws InterruptedException, TimeoutException {
        try {
            throw new AssertionError("accepted: " + reply.response.get(20, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return Status.fromThrowable(e.getCause());
        }
    }

    @Test
    void shouldKeepAnImageAndAnswerQuestionsAboutIt() throws Exception {
        ByteString file = image("rotated-exif6.jpg");
        PutImageResponse kept = accepted(put(true, size(file.size()), data(file)));
        assertThat(kept.getId()).isEqualTo(ImageId.of(file).digest());
        assertThat(kept.getTokens()).isEqualTo(36);
        assertThat(kept.getLifetimeMillis()).isEqualTo(90_000);
        Answer byId = Answer.to(rig.stub(), askingAbout("What?", kept.getId()).build())
                .succeeded();
        Answer inline = Answer.to(rig.stub(), asking("What?", file).build()).succeeded();
        assertThat(byId.started().getPromptIdsList()).isEqualTo(inline.started().getPromptIdsList());
    }

    @Test
    void shouldPutPiecesTogether() throws Exception {
        ByteString file = image("transparent.png");
        PutImageResponse kept = accepted(put(
                true,
                size(file.size()),
                data(file.substring(0, 1)),
                data(ByteString.EMPTY),
                data(file.substring(1, 60_000)),
                data(file.substring(60_000))));
        assertThat(kept.getId()).isEqualTo(ImageId.of(file).digest());
    }

    @Test
    void shouldTakeAFileOfTheLimitAndNotAByteMore() throws Exception {
        // Trailing bytes after an image are not an error: its id includes them.
        ByteString file = image("scene.png").concat(ByteString.copyFrom(new byte[3_000_000 - 1538]));
        accepted(put(
                true,
                size(3_000_000),
                data(file.substring(0, 1 << 20)),
                data(file.substring(1 << 20, 2 << 20)),
                data(file.substring(2 << 20))));
        Status refused = refused(put(false, size(3_000_001)));
        assertThat(refused.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getDescription())
                .contains("total_bytes")
                .contains("3000001")
                .contains("3000000");
    }

    @Test
    void shouldHoldTheClientToWhatItAnnounced() throws Exception {
        ByteString file = image("scene.png");
        int size = file.size();
        assertThat(refused(put(true, size(size - 1), data(file))).getDescription())
                .isEqualTo("data has " + size + " bytes, total_bytes said " + (size - 1));
        assertThat(refused(put(true, size(size + 1), data(file))).getDescription())
                .isEqualTo("data has " + size + " bytes, total_bytes said " + (size + 1));
        assertThat(refused(put(true, data(file))).getDescription()).isEqualTo("data must come after total_bytes");
        assertThat(refused(put(true, size(size), size(size))).getDescription())
                .isEqualTo("total_bytes must come once, first");
        assertThat(refused(put(true)).getDescription()).isEqualTo("data has 0 bytes, total_bytes said 0");
        assertThat(refused(put(false, size(0))).getDescription()).isEqualTo("total_bytes must be at least 1, given 0");
        assertThat(refused(put(false, size(Long.MIN_VALUE))).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused(put(false, PutImageRequest.getDefaultInstance())).getDescription())
                .isEqualTo("part must hold total_bytes or data, given neither");
    }

    @Test
    void shouldRefuseAPieceOfMoreThanAMebibyte() throws Exception {
        assertThat(refused(put(false, size(3_000_000), data(ByteString.copyFrom(new byte[(1 << 20) + 1]))))
                        .getDescription())
                .isEqualTo("data is limited to 1048576 bytes per message, given 1048577");
    }

    @Test
    void shouldRefuseWhatIsNoImage() throws Exception {
        Status refused = refused(put(true, size(5), data(ByteString.copyFromUtf8("hello"))));
        assertThat(refused.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getDescription()).startsWith("image: ").doesNotContain("hello");
    }

    @Test
    void shouldCountTokensAsAChatHasThem() {
        var request = asking("What is this?", image("scene.png")).build();
        CountTokensResponse counted = rig.blocking()
                .countTokens(CountTokensRequest.newBuilder()
                        .setConversation(request.getConversation())
                        .build());
        Answer answer = Answer.to(rig.stub(), request).succeeded();
        assertThat(counted.getPromptTokens()).isEqualTo(answer.started().getPromptIdsCount());
        assertThat(counted.getImageTokens()).isEqualTo(36);
        assertThat(counted.getContextTokens()).isEqualTo(2048);
    }

    @Test
    void shouldPublishItsLimits() {
        Model model = rig.blocking()
                .listModels(ListModelsRequest.getDefaultInstance())
                .getModels(0);
        assertThat(model.getName()).isEqualTo("llava-1.5-tiny");
        assertThat(model.getFamily()).isEqualTo("llava");
        assertThat(model.getLimits().getMaxImageBytes()).isEqualTo(3_000_000);
        assertThat(model.getLimits().getMaxStopStrings()).isEqualTo(16);
        assertThat(model.getLimits().getMaxStopCharacters()).isEqualTo(256);
        assertThat(model.getLimits().getMaxTopLogprobs()).isEqualTo(20);
        assertThat(model.getLimits().getDefaultDeadlineMillis()).isEqualTo(600_000);
    }
}
