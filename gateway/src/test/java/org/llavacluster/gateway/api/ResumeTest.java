package org.llavacluster.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.gateway.fake.Requests.asking;
import static org.llavacluster.gateway.fake.Requests.image;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.gateway.fake.Answer;
import org.llavacluster.gateway.fake.Eventually;
import org.llavacluster.gateway.fake.FakeCluster;
import org.llavacluster.gateway.fake.FakeDecoder.Script;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.gateway.placement.Serving;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.Segment;
import org.llavacluster.proto.cluster.v1.Start;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.Sampling;
import org.llavacluster.proto.v1.TokenLogprobs;

/**
 * Requests that lose their decoder, at gateways with two decoders.
 *
 * <p>Holds the limit {@code GatewayProperties.RESUME_WAIT}.
 */
class ResumeTest {

    private static final Tokenizer TOKENIZER =
            Tokenizer.load(ModelFolder.open(GatewayRig.fixtures().resolve("llava-1.5-tiny"), Optional.empty()));
    private static final int TOKENS = 12;

    private GatewayRig rig;

    @BeforeEach
    void start() throws InterruptedException {
        Description decoder = FakeCluster.decoderDescription(GatewayRig.model());
        use(rig(decoder, decoder));
    }

    @AfterEach
    void stop() {
        rig.awaitReleased();
        rig.close();
    }

    private static GatewayRig rig(Description... decoders) throws InterruptedException {
        return new GatewayRig(new FakeCluster(GatewayRig.model(), List.of(decoders)), "resume-wait", "30s");
    }

    private void use(GatewayRig other) {
        if (rig != null) {
            rig.close();
        }
        rig = other;
        Eventually.holds("all decoders are known", () -> {
            var serving = rig.application().serving();
            return serving instanceof Serving.Ready;
        });
    }

    /** The scripts of both decoders: for attempts that begin an answer, and for those that continue one. */
    private void scripts(Script first, Script then) {
        rig.cluster()
                .decoders()
                .forEach(decoder -> decoder.script(start -> start.getProducedCount() == 0 ? first : then));
    }

    private Answer ask(ChatRequest.Builder request) {
        return Answer.to(rig.stub(), request.build());
    }

    private static ChatRequest.Builder request() {
        return asking("What?")
                .setMaxTokens(TOKENS)
                .setSampling(Sampling.newBuilder().setSeed(7).setTemperature(1));
    }

    /** The answer without a loss. */
    private Answer undisturbed(ChatRequest.Builder request) {
        rig.cluster().decoders().forEach(decoder -> decoder.script(Script.of(TOKENS)));
        return ask(request).succeeded();
    }

    private List<Start> attempts(Answer answer) {
        String id = answer.started().getRequestId();
        return rig.cluster().decoders().stream()
                .flatMap(decoder -> decoder.attempts(id).stream())
                .sorted(java.util.Comparator.comparingInt(Start::getProducedCount))
                .toList();
    }

    private static List<TokenLogprobs> logprobs(Answer answer) {
        return answer.deltas().stream()
                .flatMap(delta -> delta.getLogprobsList().stream())
                .toList();
    }

    @Test
    void shouldGoOnAfterEveryTokenAsIfNothingHadHappened() {
        ChatRequest.Builder request =
                request().setTopLogprobs(2).setMinTokens(4).addStop("never said");
        Answer whole = undisturbed(request);
        for (int lostAfter = 0; lostAfter <= TOKENS; lostAfter++) {
            scripts(Script.of(TOKENS).dying(lostAfter), Script.of(TOKENS));
            // Without produced tokens, the second attempt is recognised by its place.
            if (lostAfter == 0) {
                rig.cluster().decoder(0).script(Script.of(TOKENS).dying(0));
                rig.cluster().decoder(1).script(Script.of(TOKENS));
            }
            Answer answer = ask(request).succeeded();
            assertThat(answer.ids()).as("lost after %d", lostAfter).isEqualTo(whole.ids());
            assertThat(answer.text()).isEqualTo(whole.text());
            assertThat(logprobs(answer)).isEqualTo(logprobs(whole));
            assertThat(answer.finished().getUsage()).isEqualTo(whole.finished().getUsage());
            assertThat(answer.finished().getReason()).isEqualTo(whole.finished().getReason());
            if (lostAfter > 0 && lostAfter < TOKENS) {
                assertThat(answer.finished().getTimings().getResumes()).isEqualTo(1);
                List<Start> attempts = attempts(answer);
                assertThat(attempts).hasSize(2);
                assertThat(attempts.getLast().getProducedList())
                        .isEqualTo(whole.ids().subList(0, lostAfter));
                assertThat(attempts.getLast().getMaxTokens()).isEqualTo(TOKENS - lostAfter);
                assertThat(attempts.getLast().getMinTokens()).isEqualTo(4);
                assertThat(attempts.getLast().getNumericsId()).isEqualTo("numerics-3");
                assertThat(attempts.getLast().getSampling())
                        .isEqualTo(attempts.getFirst().getSampling());
            }
        }
    }

    @Test
    void shouldGoOnAtTheOtherDecoder() {
        scripts(Script.of(TOKENS).dying(3), Script.of(TOKENS));
        Answer answer = ask(request()).succeeded();
        String id = answer.started().getRequestId();
        assertThat(rig.cluster().decoder(0).attempts(id)).hasSize(1);
        assertThat(rig.cluster().decoder(1).attempts(id)).hasSize(1);
    }

    @Test
    void shouldEndAnAnswerOfWhichOnlyTheEndWasMissing() {
        scripts(Script.of(TOKENS).dying(TOKENS), Script.of(TOKENS));
        Answer answer = ask(request()).succeeded();
        assertThat(attempts(answer)).hasSize(1);
        assertThat(answer.finished().getReason()).isEqualTo(Finished.Reason.REASON_LENGTH);
        assertThat(answer.finished().getTimings().getResumes()).isZero();
    }

    @Test
    void shouldKeepWhatAStopStringHoldsBackAcrossTheLoss() {
        List<Integer> said = IntStream.of(TOKENIZER.encodePlain("What is shown in this image of a dog?"))
                .boxed()
                .toList();
        String whole =
                TOKENIZER.decode(said.stream().mapToInt(Integer::intValue).toArray());
        for (int lostAfter = 1; lostAfter < said.size(); lostAfter++) {
            scripts(Script.of(0).saying(said).dying(lostAfter), Script.of(0).saying(said));
            Answer answer =
                    ask(asking("What?").addStop("n this im").setMaxTokens(100)).succeeded();
            assertThat(answer.text())
                    .as("lost after %d", lostAfter)
                    .isEqualTo(whole.substring(0, whole.indexOf("n this im")));
            assertThat(answer.finished().getStop()).isEqualTo("n this im");
        }
    }

    @Test
    void shouldResumeEveryChoiceOfARequest() {
        ChatRequest.Builder request = request().setN(4).setTopLogprobs(1);
        Answer whole = undisturbed(request);
        rig.cluster()
                .decoders()
                .forEach(decoder -> decoder.script(start -> {
                    int after = 2 + (start.getRequestId().endsWith("-2") ? 3 : 0);
                    return start.getProducedCount() == 0 ? Script.of(TOKENS).dying(after) : Script.of(TOKENS);
                }));
        Answer answer = ask(request).succeeded();
        for (int choice = 0; choice < 4; choice++) {
            assertThat(answer.ids(choice)).isEqualTo(whole.ids(choice));
        }
        assertThat(answer.finished().getUsage()).isEqualTo(whole.finished().getUsage());
    }

    @Test
    void shouldNotEncodeAgainForTheOtherDecoder() {
        ChatRequest.Builder request = asking("What?", image("scene.png"), image("scene.jpg"))
                .setMaxTokens(TOKENS)
                .setSampling(Sampling.newBuilder().setSeed(7));
        Answer whole = undisturbed(request);
        int encoded = rig.vision().images().size();
        scripts(Script.of(TOKENS).dying(5), Script.of(TOKENS));
        Answer answer = ask(request).succeeded();
        assertThat(answer.ids()).isEqualTo(whole.ids());
        assertThat(rig.vision().images()).hasSize(encoded);
        List<Start> attempts = attempts(answer);
        assertThat(attempts.getLast().getPromptList())
                .isEqualTo(attempts.getFirst().getPromptList());
    }

    @Test
    void shouldTryOnceMoreWhatADecoderFailedAtAndPassTheSecondFailureOn() {
        scripts(Script.of(TOKENS).failing(new Failure.Internal("1"), 3), Script.of(TOKENS));
        ask(request()).succeeded();
        scripts(
                Script.of(TOKENS).failing(new Failure.Internal("1"), 3),
                Script.of(TOKENS).failing(new Failure.Internal("2"), 6));
        Answer answer = ask(request());
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(answer.ids()).hasSize(6);
    }

    @Test
    void shouldGoOnElsewhereWhereADecoderSendsWhatIsNoToken() {
        Answer whole = undisturbed(request());
        for (int wrong : new int[] {-1, 1 << 30}) {
            List<Integer> ids = new ArrayList<>(whole.ids());
            ids.set(4, wrong);
            scripts(Script.of(0).saying(ids), Script.of(TOKENS));
            assertThat(ask(request()).succeeded().ids()).isEqualTo(whole.ids());
        }
    }

    @Test
    void shouldWaitForAPlaceWhereTheOtherDecoderIsFull() {
        Answer whole = undisturbed(request());
        var refused = new java.util.concurrent.atomic.AtomicInteger();
        rig.cluster()
                .decoders()
                .forEach(decoder -> decoder.script(start -> {
                    if (start.getProducedCount() == 0) {
                        return Script.of(TOKENS).dying(3);
                    }
                    return refused.getAndIncrement() < 2
                            ? Script.of(TOKENS).failing(new Failure.Overloaded("full", Duration.ofMillis(20)), 3)
                            : Script.of(TOKENS);
                }));
        Answer answer = ask(request()).succeeded();
        assertThat(answer.ids()).isEqualTo(whole.ids());
        assertThat(answer.finished().getTimings().getResumes()).isEqualTo(1);
        assertThat(refused.get()).isEqualTo(3);
    }

    @Test
    void shouldAbortWhereOnlyDecodersOfOtherNumericsAreLeft() throws InterruptedException {
        Description decoder = FakeCluster.decoderDescription(GatewayRig.model());
        Description other = decoder.toBuilder().setNumericsId("others").build();
        use(new GatewayRig(new FakeCluster(GatewayRig.model(), List.of(decoder, other)), "resume-wait", "1s"));
        Stream.of(0, 1)
                .forEach(number ->
                        rig.cluster().decoder(number).script(Script.of(TOKENS).stalling(3)));
        Answer answer = ask(request());
        Eventually.holds("tokens have come", () -> answer.ids().size() == 3);
        int at = rig.cluster().decoder(0).calls() == 1 ? 0 : 1;
        rig.cluster().killDecoder(at);
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(answer.status().getDescription()).contains("numerics id " + (at == 0 ? "numerics-3" : "others"));
        assertThat(answer.ids()).hasSize(3);
    }

    @Test
    void shouldGoOnAtAnyDecoderWhileNothingIsSent() throws InterruptedException {
        Description decoder = FakeCluster.decoderDescription(GatewayRig.model());
        use(rig(decoder, decoder.toBuilder().setNumericsId("others").build()));
        Stream.of(0, 1)
                .forEach(number ->
                        rig.cluster().decoder(number).script(Script.of(TOKENS).stalling(0)));
        Answer answer = ask(request());
        Eventually.holds("it has begun", () -> rig.cluster().decoders().stream().anyMatch(each -> each.calls() == 1));
        int at = rig.cluster().decoder(0).calls() == 1 ? 0 : 1;
        rig.cluster().decoder(1 - at).script(Script.of(TOKENS));
        rig.cluster().killDecoder(at);
        assertThat(answer.succeeded().ids()).hasSize(TOKENS);
    }

    @Test
    void shouldAbortAndRefuseARequestThatEndsTwoDecoders() {
        scripts(Script.of(TOKENS).stalling(3), Script.of(TOKENS).stalling(6));
        Answer answer = ask(request());
        Eventually.holds("tokens have come", () -> answer.ids().size() == 3);
        int first = rig.cluster().decoder(0).calls() == 1 ? 0 : 1;
        rig.cluster().breakDecoder(first);
        Eventually.holds("it goes on", () -> answer.ids().size() == 6);
        rig.cluster().breakDecoder(1 - first);
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(answer.status().getDescription()).contains("2 decoders ended");
        assertThat(rig.counter("llava.requests.quarantined")).isEqualTo(1);
    }

    @Test
    void shouldPauseBeforeItCallsTheOnlyDecoderAgain() throws InterruptedException {
        use(rig(FakeCluster.decoderDescription(GatewayRig.model())));
        scripts(Script.of(TOKENS).dying(3), Script.of(TOKENS));
        Answer answer = ask(request()).succeeded();
        assertThat(answer.ids()).hasSize(TOKENS);
        assertThat(answer.finished().getTimings().getTotalMicros()).isGreaterThan(100_000);
    }

    @Test
    void shouldEndAtItsDeadlineWhileItWaitsForADecoder() throws InterruptedException {
        use(new GatewayRig("resume-wait", "1h"));
        rig.decoder().script(Script.of(TOKENS).stalling(3));
        Answer answer = Answer.to(
                rig.stub().withDeadlineAfter(1500, java.util.concurrent.TimeUnit.MILLISECONDS),
                request().build());
        Eventually.holds("tokens have come", () -> answer.ids().size() == 3);
        rig.cluster().killDecoder(0);
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void shouldEndOnceWhereItsClientLeavesWhileItWaitsForADecoder() throws InterruptedException {
        use(new GatewayRig("resume-wait", "1h"));
        rig.decoder().script(Script.of(TOKENS).stalling(3));
        Answer answer = ask(request());
        Eventually.holds("tokens have come", () -> answer.ids().size() == 3);
        rig.cluster().killDecoder(0);
        Eventually.holds("the decoder is gone", () -> rig.decoder().open() == 0);
        answer.cancel();
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.CANCELLED);
        Eventually.holds("it is counted", () -> rig.count("cancelled") == 1);
    }

    @Test
    void shouldGiveUpWhereNoDecoderComesBackInTime() throws InterruptedException {
        use(new GatewayRig("resume-wait", "1s"));
        rig.decoder().script(Script.of(TOKENS).stalling(3));
        Answer answer = ask(request());
        Eventually.holds("tokens have come", () -> answer.ids().size() == 3);
        rig.cluster().killDecoder(0);
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(answer.status().getDescription()).contains("no other was there within 1000 ms");
        assertThat(rig.counter("llava.resumes.given.up")).isEqualTo(1);
    }

    @Test
    void shouldCarryManyStreamsAcrossTheLossOfADecoder() {
        List<Answer> whole = new ArrayList<>();
        rig.cluster().decoders().forEach(decoder -> decoder.script(Script.of(TOKENS)));
        for (int i = 0; i < 32; i++) {
            whole.add(ask(seeded(i)).succeeded());
        }
        rig.cluster().decoder(0).script(Script.of(TOKENS).stalling(3));
        rig.cluster()
                .decoder(1)
                .script(start -> start.getProducedCount() > 0
                        ? Script.of(TOKENS)
                        : Script.of(TOKENS).stalling(5));
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            answers.add(ask(seeded(i)));
        }
        Eventually.holds("all have begun", () -> answers.stream()
                .allMatch(answer -> answer.ids().size() >= 3));
        rig.cluster().decoder(0).script(Script.of(TOKENS));
        rig.cluster().killDecoder(0);
        for (int i = 0; i < 32; i++) {
            Answer answer = answers.get(i);
            if (rig.cluster()
                    .decoder(0)
                    .attempts(answer.started().getRequestId())
                    .isEmpty()) {
                answer.cancel();
                answer.status();
                assertThat(answer.ids()).isEqualTo(whole.get(i).ids().subList(0, 5));
            } else {
                assertThat(answer.succeeded().ids()).isEqualTo(whole.get(i).ids());
                assertThat(text(answer)).isEqualTo(text(whole.get(i)));
            }
        }
    }

    private int decoderOf(Answer answer) {
        boolean first = !rig.cluster()
                .decoder(0)
                .attempts(answer.started().getRequestId())
                .isEmpty();
        return first ? 0 : 1;
    }

    @Test
    void shouldGoOnElsewhereWhereADrainingDecoderGivesTheRequestBack() {
        Answer whole = undisturbed(request());
        scripts(Script.of(TOKENS).stalling(3), Script.of(TOKENS));
        Answer answer = ask(request());
        Eventually.holds("tokens have come", () -> answer.ids().size() == 3);
        int at = decoderOf(answer);
        rig.cluster().decoder(at).moveCalls();
        assertThat(answer.succeeded().ids()).isEqualTo(whole.ids());
        assertThat(answer.finished().getTimings().getResumes()).isEqualTo(1);
        assertThat(attempts(answer)).hasSize(2);
    }

    @Test
    void shouldLeaveADecoderOfWhichNothingIsHeard() {
        Answer whole = undisturbed(request());
        scripts(Script.of(TOKENS).stalling(3), Script.of(TOKENS));
        Answer answer = ask(request());
        Eventually.holds("tokens have come", () -> answer.ids().size() == 3);
        int at = decoderOf(answer);
        rig.cluster().silence("decoder-" + at);
        assertThat(answer.succeeded().ids()).isEqualTo(whole.ids());
        assertThat(rig.cluster().decoder(1 - at).attempts(answer.started().getRequestId()))
                .hasSize(1);
    }

    @Test
    void shouldGoOnAtTheOnlyDecoderOnceItIsHeardOfAgain() throws InterruptedException {
        use(rig(FakeCluster.decoderDescription(GatewayRig.model())));
        Answer whole = undisturbed(request());
        scripts(Script.of(TOKENS).stalling(3), Script.of(TOKENS));
        Answer answer = ask(request());
        Eventually.holds("tokens have come", () -> answer.ids().size() == 3);
        rig.cluster().silence("decoder-0");
        assertThat(answer.succeeded().ids()).isEqualTo(whole.ids());
    }

    /** With two vision and projector nodes. */
    private void useTwoOfEach() throws InterruptedException {
        Description decoder = FakeCluster.decoderDescription(GatewayRig.model());
        use(new GatewayRig(new FakeCluster(GatewayRig.model(), List.of(decoder), 2)));
        Eventually.holds(
                "all nodes are known",
                () -> rig.application().serving() instanceof Serving.Ready together
                        && together.visions().size() == 2
                        && together.projectors().size() == 2);
    }

    private static ImageReference shown(Start start) {
        return start.getPromptList().stream()
                .filter(Segment::hasImage)
                .findFirst()
                .orElseThrow()
                .getImage();
    }

    @Test
    void shouldNameAnotherProjectorWithoutAnotherEncodeWhereOneIsNotReached() throws InterruptedException {
        useTwoOfEach();
        rig.decoder().script(Script.of(TOKENS).missingImages());
        rig.decoder().reachesNobody();
        rig.vision().hold();
        Answer answer = ask(asking("What?", image("scene.png")));
        Eventually.holds("it is being encoded", () -> rig.vision().images().size() == 1);
        rig.vision().release();
        answer.succeeded();
        // The decoder asked before the encode had ended: it is told once it has.
        assertThat(rig.decoder().sources(answer.started().getRequestId())).hasSize(1);

        Answer again = ask(asking("What?", image("scene.png"))).succeeded();
        String id = again.started().getRequestId();
        assertThat(rig.decoder().sources(id)).hasSize(1);
        assertThat(rig.vision().images()).as("the node has it from before").hasSize(1);
    }

    @Test
    void shouldEncodeAnImageElsewhereThatIsAtASilentVisionNode() throws InterruptedException {
        useTwoOfEach();
        rig.decoder().script(Script.of(TOKENS));
        rig.vision().hold();
        Answer answer = ask(asking("What?", image("scene.png")));
        Eventually.holds("the decoder is called", () -> rig.decoder().calls() == 1);
        rig.cluster().silence(shown(rig.decoder().anyStart()).getVisionNode());
        Eventually.holds(
                "it is sent to the other one", () -> rig.vision().images().size() == 2);
        rig.vision().release();
        assertThat(answer.succeeded().ids()).hasSize(TOKENS);
    }

    @Test
    void shouldNameAnotherProjectorWhereOneIsSilent() throws InterruptedException {
        useTwoOfEach();
        rig.decoder().script(Script.of(TOKENS).stalling(0));
        Answer answer = ask(asking("What?", image("scene.png"))).awaitStarted();
        String id = answer.started().getRequestId();
        Eventually.holds("the decoder is called", () -> rig.decoder().calls() == 1);
        String projector = shown(rig.decoder().start(id)).getProjectorNode();
        rig.cluster().silence(projector);
        Eventually.holds("the decoder is told", () -> !rig.decoder().sources(id).isEmpty());
        assertThat(rig.decoder().sources(id).getFirst().getProjectorNode()).isNotEqualTo(projector);
        assertThat(rig.vision().images()).hasSize(1);
        answer.cancel();
        answer.status();
    }

    private static ChatRequest.Builder seeded(int seed) {
        return asking("What number " + seed + "?")
                .setMaxTokens(TOKENS)
                .setSampling(Sampling.newBuilder().setSeed(seed).setTemperature(1));
    }

    private static String text(Answer answer) {
        return String.join("", answer.deltas().stream().map(Delta::getText).toList());
    }
}
