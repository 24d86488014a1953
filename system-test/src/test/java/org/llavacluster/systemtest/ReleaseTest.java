package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.NodeStates;
import org.llavacluster.systemtest.harness.PendingChat;
import org.llavacluster.systemtest.harness.RunningCluster;
import org.llavacluster.systemtest.harness.ServedCase;

/** Requests that end early, read slowly or refer to stored images leave nothing behind and do not affect others. */
class ReleaseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path SCENE = Launcher.fixture("images/scene.png");
    private static final String PROMPT = "USER: <image>\nWhat is shown in this image? ASSISTANT:";

    private static RunningCluster cluster;
    private static ServedCase golden;

    @BeforeAll
    static void start() throws IOException {
        cluster = RunningCluster.up(Launcher.fixture("llava-1.5-tiny"), "--preprocess", "reference");
        golden = ServedCase.of("llava-1.5-tiny").getFirst();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void shouldFreeTheKvBlocksOfACancelledCall() throws Exception {
        ManagedChannel gateway = cluster.channel("gateway-0");
        NodeStates decoder = NodeStates.of(cluster.channel("decoder-0"));
        int baseline = idleFreeBlocks(decoder);
        PendingChat chat = PendingChat.reading(gateway, longAnswer());
        chat.awaitTokens(PATIENCE);
        decoder.await("blocks are in use", PATIENCE, state -> state.getKvBlocksFree() < baseline);

        chat.cancel();

        decoder.await("blocks are back", PATIENCE, state -> state.getKvBlocksFree() == baseline);
        assertAnswersLikeTheReference();
    }

    @Test
    void shouldFreeTheKvBlocksOfAnExpiredCall() throws Exception {
        ManagedChannel gateway = cluster.channel("gateway-0");
        NodeStates decoder = NodeStates.of(cluster.channel("decoder-0"));
        int baseline = idleFreeBlocks(decoder);

        PendingChat chat = PendingChat.start(
                gateway,
                longAnswer(),
                CallOptions.DEFAULT.withDeadlineAfter(150, TimeUnit.MILLISECONDS),
                Integer.MAX_VALUE);

        assertThat(chat.awaitEnd(PATIENCE).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        decoder.await("blocks are back", PATIENCE, s -> s.getKvBlocksFree() == baseline && s.getRunning() == 0);
        assertAnswersLikeTheReference();
    }

    @Test
    void shouldKeepOthersGoingWhileOneClientDoesNotRead() throws Exception {
        ChatRequest bulky = longAnswer().toBuilder().setTopLogprobs(20).build();
        ChatClient.Answer expected = cluster.client().chat(bulky);
        PendingChat slow = PendingChat.start(
                cluster.channel("gateway-0"), bulky, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS), 2);
        slow.awaitTokens(PATIENCE);

        List<PendingChat> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            others.add(PendingChat.reading(cluster.channel("gateway-0"), longAnswer()));
        }
        for (PendingChat other : others) {
            assertThat(other.awaitEnd(PATIENCE).isOk()).isTrue();
            assertThat(other.answer().tokenIds()).isEqualTo(expected.tokenIds());
        }
        assertThat(slow.hasEnded()).isFalse();

        slow.request(Integer.MAX_VALUE);
        assertThat(slow.awaitEnd(PATIENCE).isOk()).isTrue();
        assertThat(slow.answer().tokenIds()).isEqualTo(expected.tokenIds());
        assertThat(slow.answer().text()).isEqualTo(expected.text());
    }

    @Test
    void shouldAnswerTheSameAboutAStoredImage() throws Exception {
        ChatClient client = cluster.client();
        ChatRequest inline = ChatClient.raw(PROMPT, 24, SCENE).build();
        ChatClient.Answer answer = client.chat(inline);
        ByteString id = ByteString.copyFrom(MessageDigest.getInstance("SHA-256")
                .digest(inline.getRaw().getImages(0).getData().toByteArray()));
        assertThat(answer.started().getImageIdsList()).containsExactly(id);

        ChatRequest.Builder byId = inline.toBuilder();
        byId.getRawBuilder().setImages(0, Image.newBuilder().setId(id));

        assertThat(client.chat(byId.build()).tokenIds()).isEqualTo(answer.tokenIds());
    }

    @Test
    void shouldAskForAnImageThatIsGone() {
        ChatRequest.Builder request = ChatRequest.newBuilder();
        request.getRawBuilder().setText(PROMPT).addImages(Image.newBuilder().setId(ByteString.copyFrom(new byte[32])));

        StatusRuntimeException e = Assertions.catchThrowableOfType(
                StatusRuntimeException.class, () -> cluster.client().chat(request.build()));

        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(e.getStatus().getDescription()).contains("send the image again");
    }

    private static int idleFreeBlocks(NodeStates decoder) throws InterruptedException {
        return decoder.await("idle", PATIENCE, state -> state.getRunning() == 0 && state.getWaiting() == 0)
                .getKvBlocksFree();
    }

    private static void assertAnswersLikeTheReference() throws IOException {
        ChatClient.Answer answer = cluster.client()
                .chat(ChatClient.raw(
                                golden.prompt(),
                                golden.greedyIds().size(),
                                golden.images().toArray(Path[]::new))
                        .build());
        assertThat(answer.tokenIds()).isEqualTo(golden.answerIds());
    }

    private static ChatRequest longAnswer() throws IOException {
        return ChatClient.raw(PROMPT, 1500, SCENE).build();
    }
}
