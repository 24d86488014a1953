package org.llavacluster.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.gateway.fake.Requests.asking;
import static org.llavacluster.gateway.fake.Requests.freshImage;
import static org.llavacluster.gateway.fake.Requests.image;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.gateway.fake.Answer;
import org.llavacluster.gateway.fake.Eventually;
import org.llavacluster.gateway.fake.FakeDecoder;
import org.llavacluster.gateway.fake.FakeDecoder.Script;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.proto.cluster.v1.Start;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.LlavaGrpc;

/**
 * Slow readers, storms, full queues and lost nodes. Holds the limits {@code GatewayProperties.MAX_RUNNING} and {@code
 * GatewayProperties.MAX_WAITING}.
 */
class PressureTest {

    private GatewayRig rig;

    @BeforeEach
    void start() throws InterruptedException {
        rig = new GatewayRig("max-running", "8", "max-waiting", "4", "resume-wait", "1s");
    }

    @AfterEach
    void stop() {
        rig.awaitReleased();
        rig.close();
    }

    private Answer ask(String question) {
        return Answer.to(rig.stub(), asking(question).build());
    }

    private List<Integer> expected(Answer answer, int count) {
        Start start = rig.decoder().start(answer.started().getRequestId());
        return IntStream.range(0, count)
                .mapToObj(index -> FakeDecoder.token(start, index))
                .toList();
    }

    @Test
    void shouldPauseTheDecoderOfAClientThatDoesNotReadAndNoOther() {
        // A token with 2000 alternatives is about 12 kB from the decoder and 40 kB to the client.
        int tokens = 400;
        rig.decoder().script(Script.of(tokens).alternatives(2000));
        Answer slow = Answer.reading(
                rig.stub(),
                asking("What?").setMaxTokens(tokens).setTopLogprobs(20).build(),
                3);
        Eventually.holds("the client has what it reads", () -> slow.events().size() == 3);
        rig.decoder().script(Script.of(tokens));
        for (int i = 0; i < 3; i++) {
            Answer other = Answer.to(
                            rig.stub(), asking("And?").setMaxTokens(tokens).build())
                    .succeeded();
            assertThat(other.ids()).isEqualTo(expected(other, tokens));
        }
        // In flight between decoder and client: a window of 64 KiB and the transports' queues, on both sides of the
        // gateway.
        assertThat(rig.decoder().sent(slow.started().getRequestId())).isLessThan(40);
        assertThat(slow.events()).hasSize(3);
        slow.readOn();
        assertThat(slow.succeeded().ids()).isEqualTo(expected(slow, tokens));
    }

    @Test
    void shouldFreeADecoderWhoseClientDoesNotReadAndThenGoesAway() {
        rig.decoder().script(Script.of(400).alternatives(2000));
        Answer slow = Answer.reading(
                rig.stub(), asking("What?").setMaxTokens(400).setTopLogprobs(20).build(), 1);
        // A call cancelled before the decoder has received it never reaches the decoder.
        Eventually.holds("the decoder has begun", () -> rig.decoder().calls() == 1);
        slow.cancel();
        assertThat(slow.status().getCode()).isEqualTo(Status.Code.CANCELLED);
        Eventually.holds("the decoder was cancelled", () -> rig.decoder().cancelled() == 1);
    }

    @Test
    void shouldRunSoManyLetSoManyWaitAndRefuseTheRest() {
        rig.decoder().script(Script.of(8).stalling(1));
        List<Answer> running = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            running.add(ask("Running " + i));
        }
        Eventually.holds("all places are taken", () -> rig.decoder().calls() == 8);
        List<Answer> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(ask("Waiting " + i));
        }
        var chat = rig.application().api().orElseThrow().chat();
        Eventually.holds("the queue is full", () -> chat.waiting() == 4);
        Status refused = ask("Too many").status();
        assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getDescription()).isEqualTo("all 8 running and 4 waiting places are taken");
        assertThat(rig.decoder().calls()).isEqualTo(8);
        waiting.removeLast().cancel();
        Eventually.holds("a place in the queue is free", () -> chat.waiting() == 3);
        rig.decoder().script(Script.of(8));
        running.forEach(Answer::cancel);
        waiting.forEach(Answer::succeeded);
        assertThat(rig.refusals("overloaded")).isEqualTo(1);
        assertThat(rig.count("completed")).isEqualTo(3);
    }

    @Test
    void shouldCountRequestsAndNotTheirChoices() {
        rig.decoder().script(Script.of(8).stalling(1));
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(Answer.to(rig.stub(), asking("Running " + i).setN(3).build()));
        }
        Eventually.holds("all choices run", () -> rig.decoder().calls() == 24);
        var chat = rig.application().api().orElseThrow().chat();
        for (int i = 0; i < 4; i++) {
            answers.add(Answer.to(rig.stub(), asking("Waiting " + i).setN(3).build()));
        }
        Eventually.holds("the queue is full", () -> chat.waiting() == 4);
        assertThat(ask("Too many").status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(rig.decoder().calls()).isEqualTo(24);
        answers.forEach(Answer::cancel);
    }

    /**
     * A call that says nothing but which method it calls, and would never say more. The headers of a call whose client
     * sends one message wait at the client for that message; so this one is a stream to the client.
     */
    private ClientCall<ChatRequest, ChatEvent> silentCall(CompletableFuture<Status> ended) {
        ClientCall<ChatRequest, ChatEvent> call = rig.stub()
                .getChannel()
                .newCall(
                        LlavaGrpc.getChatMethod().toBuilder()
                                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                                .build(),
                        CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(status);
                    }
                },
                new Metadata());
        return call;
    }

    @Test
    void shouldRefuseACallBeforeItsMessageWhileBothQueuesAreFull() {
        rig.decoder().script(Script.of(8).stalling(8));
        List<Answer> admitted = new ArrayList<>();
        var chat = rig.application().api().orElseThrow().chat();
        for (int i = 0; i < 12; i++) {
            admitted.add(ask("Question " + i));
        }
        Eventually.holds("the queue for decoders is full", () -> chat.running() == 8 && chat.waiting() == 4);
        rig.vision().hold();
        CompletableFuture<Status> ended;
        // Images that were waiting may leave for the vision node together: then there is room again, for a call too.
        do {
            while (chat.waiting() < 8) {
                int all = chat.running() + chat.waiting();
                admitted.add(Answer.to(
                        rig.stub(), asking("What?", freshImage("scene.png")).build()));
                Eventually.holds("it is there", () -> chat.running() + chat.waiting() == all + 1);
            }
            CompletableFuture<Status> end = new CompletableFuture<>();
            ClientCall<ChatRequest, ChatEvent> call = silentCall(end);
            Eventually.holds("the call is refused, or there is room", () -> end.isDone() || chat.waiting() < 8);
            call.cancel("there was room", null);
            ended = end;
        } while (ended.join().getCode() == Status.Code.CANCELLED);
        Status refused = ended.join();
        assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getDescription())
                .isEqualTo("4 requests wait for vision nodes and as many for decoders, the most at once");
        assertThat(rig.refusals("queue")).isEqualTo(1);
        admitted.forEach(Answer::cancel);
    }

    @Test
    void shouldGiveEverythingBackThroughAStormOfCancellations() {
        long seed = 20_261_126;
        Random random = new Random(seed);
        rig.decoder()
                .script(start -> start.getRequestId().hashCode() % 2 == 0
                        ? Script.of(30)
                        : Script.of(8).stalling(2));
        List<Answer> answers = new ArrayList<>();
        LlavaGrpc.LlavaStub client = rig.stub();
        for (int i = 0; i < 400; i++) {
            if (i % 100 == 0) {
                // A connection that resets more than 200 streams within 30 s is closed.
                client = rig.otherClient();
            }
            answers.add(Answer.to(
                    client,
                    (random.nextInt(3) == 0 ? asking("What? " + i, image("scene.png")) : asking("What? " + i))
                            .build()));
            if (answers.size() > 6) {
                answers.remove(random.nextInt(answers.size())).cancel();
            }
        }
        answers.forEach(Answer::cancel);
        rig.awaitReleased();
        rig.decoder().script(Script.of(8));
        Answer after = ask("And now?").succeeded();
        assertThat(after.ids()).as("seed %d", seed).isEqualTo(expected(after, 8));
    }

    @Test
    void shouldSayUnavailableOnceANodeIsGone() {
        ask("Before?").succeeded();
        rig.cluster().kill(MemberRole.DECODER);
        Status gone = ask("After?").status();
        assertThat(gone.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        Eventually.holds("the gateway says why", () -> "no decoder node is available"
                .equals(ask("After?").status().getDescription()));
    }

    @Test
    void shouldSayAbortedWhenTheDecoderDiesMidway() {
        rig.decoder().script(Script.of(8).stalling(3));
        Answer answer = ask("What?").awaitStarted();
        Eventually.holds("tokens have arrived", () -> answer.ids().size() == 3);
        rig.cluster().kill(MemberRole.DECODER);
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(answer.ids()).isEqualTo(expected(answer, 3));
    }

    @Test
    void shouldSayUnavailableWhenTheVisionNodeDiesMidway() {
        rig.vision().hold();
        Answer answer =
                Answer.to(rig.stub(), asking("What?", image("scene.png")).build());
        Eventually.holds("the image is there", () -> rig.vision().images().size() == 1);
        rig.cluster().kill(MemberRole.VISION);
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(answer.events()).isEmpty();
        ask("And without an image?");
    }
}
