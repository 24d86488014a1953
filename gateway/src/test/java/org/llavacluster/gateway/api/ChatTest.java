package org.llavacluster.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.gateway.fake.Requests.asking;
import static org.llavacluster.gateway.fake.Requests.askingAbout;
import static org.llavacluster.gateway.fake.Requests.freshImage;
import static org.llavacluster.gateway.fake.Requests.image;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.gateway.fake.Answer;
import org.llavacluster.gateway.fake.Eventually;
import org.llavacluster.gateway.fake.FakeDecoder;
import org.llavacluster.gateway.fake.FakeDecoder.Script;
import org.llavacluster.gateway.fake.FakeVision;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.proto.cluster.v1.LogitBias;
import org.llavacluster.proto.cluster.v1.Source;
import org.llavacluster.proto.cluster.v1.Start;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.RawPrompt;
import org.llavacluster.proto.v1.Sampling;
import org.llavacluster.proto.v1.TokenLogprobs;

/**
 * Holds the limits {@code GatewayProperties.MAX_DEADLINE}, {@code GatewayProperties.DEFAULT_DEADLINE} and {@code
 * FixedLimits.ENCODES_OF_IMAGE}.
 */
class ChatTest {

    private static final Metadata.Key<String> REQUEST_ID =
            Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final int ROWS = 36;
    private static final Tokenizer TOKENIZER =
            Tokenizer.load(ModelFolder.open(GatewayRig.fixtures().resolve("llava-1.5-tiny"), Optional.empty()));

    private static GatewayRig rig;

    @BeforeAll
    static void start() throws InterruptedException {
        rig = new GatewayRig();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @BeforeEach
    void behave() {
        rig.decoder().script(Script.of(8));
        rig.vision().answer(image -> FakeVision.Answer.ENCODED);
    }

    @AfterEach
    void everythingIsGivenBack() {
        rig.awaitReleased();
    }

    private static Answer ask(ChatRequest.Builder request) {
        return Answer.to(rig.stub(), request.build());
    }

    private static List<Integer> expected(Start start, int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> FakeDecoder.token(start, index))
                .toList();
    }

    private static String decoded(List<Integer> ids) {
        return TOKENIZER.decode(ids.stream().mapToInt(Integer::intValue).toArray());
    }

    private static Start startOf(Answer answer) {
        return rig.decoder().start(answer.started().getRequestId());
    }

    @Test
    void shouldAnswerWithTheTokensOfThisRequestAndTheirText() {
        Answer answer = ask(asking("What?").setMaxTokens(8)).succeeded();
        assertThat(answer.ids()).isEqualTo(expected(startOf(answer), 8));
        assertThat(answer.text()).isEqualTo(decoded(answer.ids()));
        assertThat(answer.finished().getReason()).isEqualTo(Finished.Reason.REASON_LENGTH);
        assertThat(answer.finished().getUsage().getCompletionTokens()).isEqualTo(8);
        assertThat(answer.finished().getUsage().getPromptTokens())
                .isEqualTo(answer.started().getPromptIdsCount());
        assertThat(answer.finished().getUsage().getCachedTokens())
                .isEqualTo(answer.started().getPromptIdsCount() / 2);
        assertThat(answer.started().getModel()).isEqualTo("llava-1.5-tiny");
    }

    @Test
    void shouldCountTheTokensOfPromptsAndAnswers() {
        double prompt = rig.counter("llava.prompt.tokens");
        double cached = rig.counter("llava.cached.tokens");
        double completion = rig.counter("llava.completion.tokens");

        Answer answer = ask(asking("What?").setMaxTokens(8)).succeeded();
        rig.awaitReleased();

        int promptTokens = answer.started().getPromptIdsCount();
        assertThat(rig.counter("llava.prompt.tokens") - prompt).isEqualTo(promptTokens);
        assertThat(rig.counter("llava.cached.tokens") - cached).isEqualTo(promptTokens / 2);
        assertThat(rig.counter("llava.completion.tokens") - completion).isEqualTo(8);
    }

    @Test
    void shouldAnswerHealthChecksOfThePublicService() {
        assertThat(HealthGrpc.newBlockingStub(rig.channel())
                        .check(HealthCheckRequest.newBuilder()
                                .setService("llava.v1.Llava")
                                .build())
                        .getStatus())
                .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }

    @Test
    void shouldGiveTheCallersIdBackInMetadataWithAnswersAndErrors() {
        for (ChatRequest request : List.of(
                asking("What?").setMaxTokens(1).build(),
                asking("What?").setMaxTokens(1).setModel("no-such-model").build())) {
            AtomicReference<Metadata> headers = new AtomicReference<>(new Metadata());
            AtomicReference<Metadata> trailers = new AtomicReference<>(new Metadata());
            Metadata sent = new Metadata();
            sent.put(REQUEST_ID, "mine-7");
            Answer.to(
                            rig.stub()
                                    .withInterceptors(
                                            MetadataUtils.newAttachHeadersInterceptor(sent),
                                            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)),
                            request)
                    .status();

            assertThat(Stream.of(headers, trailers)
                            .map(AtomicReference::get)
                            .filter(Objects::nonNull)
                            .map(metadata -> metadata.get(REQUEST_ID))
                            .filter(Objects::nonNull))
                    .as(request.getModel())
                    .isNotEmpty()
                    .containsOnly("mine-7");
        }
    }

    @Test
    void shouldTellTheSeedThatItDrewAndUseTheOneGiven() {
        Answer drawn = ask(asking("What?")).succeeded();
        assertThat(startOf(drawn).getSampling().getSeed())
                .isEqualTo(drawn.started().getSeed());
        for (long seed : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            Answer given = ask(asking("What?").setSampling(Sampling.newBuilder().setSeed(seed)))
                    .succeeded();
            assertThat(given.started().getSeed()).isEqualTo(seed);
            assertThat(startOf(given).getSampling().getSeed()).isEqualTo(seed);
        }
    }

    @Test
    void shouldRunEveryChoiceAsARequestOfTheSeedThatFollows() {
        Answer answer = ask(asking("What?")
                        .setN(4)
                        .setMaxTokens(6)
                        .setTopLogprobs(1)
                        .setSampling(Sampling.newBuilder().setSeed(-2).setTemperature(1)))
                .succeeded();
        String id = answer.started().getRequestId();
        for (int choice = 0; choice < 4; choice++) {
            Start start = rig.decoder().start(choice == 0 ? id : id + "-" + choice);
            assertThat(start.getSampling().getSeed()).isEqualTo(-2 + choice);
            int index = choice;
            List<Delta> deltas = answer.deltas().stream()
                    .filter(delta -> delta.getChoice() == index)
                    .toList();
            assertThat(deltas.stream().flatMap(delta -> delta.getTokenIdsList().stream()))
                    .isEqualTo(expected(start, 6));
            assertThat(deltas.stream().map(Delta::getText).collect(Collectors.joining()))
                    .isEqualTo(decoded(expected(start, 6)));
            assertThat(deltas.stream().mapToInt(Delta::getLogprobsCount).sum()).isEqualTo(6);
        }
        assertThat(answer.events().stream().filter(ChatEvent::hasChoiceFinished).map(ChatEvent::getChoiceFinished))
                .hasSize(4)
                .allSatisfy(finished -> {
                    assertThat(finished.getReason()).isEqualTo(Finished.Reason.REASON_LENGTH);
                    assertThat(finished.getCompletionTokens()).isEqualTo(6);
                });
        assertThat(answer.finished().getUsage().getCompletionTokens()).isEqualTo(24);
        assertThat(answer.finished().getUsage().getPromptTokens())
                .isEqualTo(answer.started().getPromptIdsCount());
    }

    @Test
    void shouldStartFurtherChoicesOnlyOnceThePromptIsComputed() {
        rig.decoder().script(Script.of(8).stalling(0));
        int before = rig.decoder().calls();
        Answer answer = ask(asking("What?").setN(3)).awaitStarted();
        Eventually.holds("choice 0 has started", () -> rig.decoder().calls() > before);
        assertThat(rig.decoder().calls()).isEqualTo(before + 1);
        answer.cancel();
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.CANCELLED);
        assertThat(rig.decoder().calls()).isEqualTo(before + 1);
    }

    @Test
    void shouldEndAChoiceByItselfAtItsStopString() {
        Answer plain = ask(asking("What?")
                        .setN(2)
                        .setMaxTokens(6)
                        .setSampling(Sampling.newBuilder().setSeed(3)))
                .succeeded();
        String stop = TOKENIZER.decode(new int[] {plain.ids(1).get(2)});
        Answer stopped = ask(asking("What?")
                        .setN(2)
                        .setMaxTokens(6)
                        .addStop(stop)
                        .setSampling(Sampling.newBuilder().setSeed(3)))
                .succeeded();
        assertThat(stopped.ids(0)).isEqualTo(plain.ids(0));
        assertThat(stopped.ids(1)).isEqualTo(plain.ids(1).subList(0, 3));
        assertThat(stopped.finished().getReason()).isEqualTo(Finished.Reason.REASON_LENGTH);
    }

    @Test
    void shouldStartAChoiceLaterThatTheDecoderHasNoPlaceFor() {
        AtomicInteger refused = new AtomicInteger();
        rig.decoder()
                .script(start -> start.getRequestId().endsWith("-1") && refused.getAndIncrement() == 0
                        ? Script.of(6).failing(new Failure.Overloaded("full", Duration.ofMillis(20)), 0)
                        : Script.of(6));
        Answer answer = ask(asking("What?").setN(2).setMaxTokens(6)).succeeded();
        assertThat(refused.get()).isEqualTo(2);
        assertThat(answer.ids(1)).hasSize(6);
    }

    @Test
    void shouldTellTheDecoderPenaltiesBiasesAndEnds() {
        Answer answer = ask(asking("What?")
                        .setMaxTokens(8)
                        .setMinTokens(3)
                        .setIgnoreEos(true)
                        .addStopTokenIds(299)
                        .setSampling(Sampling.newBuilder()
                                .setPresencePenalty(0.5f)
                                .setFrequencyPenalty(-1.5f)
                                .putLogitBias(7, 4)
                                .putLogitBias(5, -100)))
                .succeeded();
        Start start = startOf(answer);
        assertThat(start.getMinTokens()).isEqualTo(3);
        assertThat(start.getStopIdsList()).containsExactly(299);
        assertThat(start.getSampling().getPresencePenalty()).isEqualTo(0.5f);
        assertThat(start.getSampling().getFrequencyPenalty()).isEqualTo(-1.5f);
        assertThat(start.getSampling().getLogitBiasList())
                .containsExactly(
                        LogitBias.newBuilder().setTokenId(5).setBias(-100).build(),
                        LogitBias.newBuilder().setTokenId(7).setBias(4).build());
    }

    @Test
    void shouldLookForStopStringsAfterTheLeastTokens() {
        Answer plain = ask(asking("What?")
                        .setMaxTokens(8)
                        .setSampling(Sampling.newBuilder().setSeed(3)))
                .succeeded();
        String stop = TOKENIZER.decode(new int[] {plain.ids().get(2)});
        ChatRequest.Builder stopping = asking("What?")
                .setMaxTokens(8)
                .addStop(stop)
                .setSampling(Sampling.newBuilder().setSeed(3));
        assertThat(ask(stopping).succeeded().ids()).hasSize(3);
        assertThat(ask(stopping.setMinTokens(3)).succeeded().ids()).hasSizeGreaterThan(3);
    }

    @Test
    void shouldShowTheDecoderTheImagesAndTheClientTheirRows() {
        Answer answer = ask(asking("What?", image("scene.png"), image("scene.jpg"), image("scene.png")))
                .succeeded();
        assertThat(Collections.frequency(
                        answer.started().getPromptIdsList(),
                        rig.application().api().orElseThrow().model().imageTokenId()))
                .isEqualTo(3 * ROWS);
        assertThat(answer.finished().getUsage().getImageTokens()).isEqualTo(3 * ROWS);
        assertThat(answer.started().getImageIdsList()).hasSize(3);
        assertThat(answer.started().getImageIds(0)).isEqualTo(answer.started().getImageIds(2));
        List<ByteString> keys = startOf(answer).getPromptList().stream()
                .filter(segment -> segment.hasImage())
                .map(segment -> segment.getImage().getEmbeddingKey())
                .toList();
        assertThat(keys).hasSize(3);
        assertThat(keys.get(0)).isEqualTo(keys.get(2)).isNotEqualTo(keys.get(1));
        assertThat(answer.finished().getTimings().getEncodeMicros()).isPositive();
    }

    @Test
    void shouldAnswerTheSameForAnImageAndForItsId() {
        ByteString file = image("portrait.png");
        Answer sent = ask(asking("What?", file)
                        .setSampling(Sampling.newBuilder().setSeed(7)))
                .succeeded();
        Answer referred = ask(askingAbout("What?", sent.started().getImageIds(0))
                        .setSampling(Sampling.newBuilder().setSeed(7)))
                .succeeded();
        assertThat(referred.started().getPromptIdsList())
                .isEqualTo(sent.started().getPromptIdsList());
        assertThat(referred.ids()).isEqualTo(sent.ids());
    }

    @Test
    void shouldSendNothingBeforeAllImagesAreKnownToBeGood() {
        rig.vision().hold();
        int calls = rig.decoder().calls();
        Answer answer = ask(asking("What?", freshImage("scene.png")));
        Eventually.holds("the decoder has begun", () -> rig.decoder().calls() == calls + 1);
        Eventually.holds("the image has arrived", () -> rig.vision().open() == 1);
        assertThat(answer.events()).isEmpty();
        rig.vision().release();
        assertThat(answer.succeeded().ids()).isEqualTo(expected(startOf(answer), 8));
    }

    @Test
    void shouldRefuseABadImageForItsRequestAlone() {
        ByteString bad = freshImage("scene.jpg");
        rig.vision()
                .answer(encoded ->
                        encoded.getTotalBytes() == bad.size() ? FakeVision.Answer.REFUSED : FakeVision.Answer.ENCODED);
        List<Answer> good = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            good.add(ask(asking("What?", image("scene.png"))));
        }
        Answer refused = ask(asking("What?", image("scene.png"), bad));
        assertThat(refused.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.status().getDescription())
                .isEqualTo("messages[0].parts[2].image: the image cannot be decoded");
        assertThat(refused.events()).isEmpty();
        good.forEach(Answer::succeeded);
        ask(asking("What?", image("scene.png"))).succeeded();
    }

    @Test
    void shouldEncodeAnImageAgainThatTheDecoderMisses() {
        rig.decoder().script(Script.of(8).missingImages());
        Answer answer =
                ask(asking("What?", image("scene.png"), image("scene.jpg"))).succeeded();
        assertThat(answer.ids()).isEqualTo(expected(startOf(answer), 8));
        List<Source> sources = rig.decoder().sources(answer.started().getRequestId());
        assertThat(sources).hasSize(2).allSatisfy(source -> {
            assertThat(source.getVisionNode()).isEqualTo("vision-0");
            assertThat(source.getProjectorNode()).isEqualTo("projector-0");
        });
    }

    @Test
    void shouldEncodeAnImageAgainAsOftenAsTheLimitAndNotOnceMore() {
        int most = FixedLimits.ENCODES_OF_IMAGE.intValue();
        AtomicInteger left = new AtomicInteger();
        rig.vision().answer(_ -> left.getAndDecrement() > 0 ? FakeVision.Answer.BROKEN : FakeVision.Answer.ENCODED);
        for (int broken : new int[] {most - 2, most - 1}) {
            left.set(broken);
            ask(asking("What?", freshImage("scene.png"))).succeeded();
        }
        left.set(most);
        int before = rig.vision().images().size();
        assertThat(ask(asking("What?", freshImage("scene.png"))).status().getCode())
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(rig.vision().images()).hasSize(before + most);
    }

    @Test
    void shouldEncodeOnceForRequestsThatNeedAnImageAtTheSameTime() {
        rig.vision().hold();
        int before = rig.vision().images().size();
        int calls = rig.decoder().calls();
        long cancelled = rig.count("cancelled");
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(ask(asking("What? " + i, image("landscape.png"))));
        }
        Eventually.holds("all have begun", () -> rig.decoder().calls() == calls + 20);
        Answer leader = answers.removeFirst();
        leader.cancel();
        assertThat(leader.status().getCode()).isEqualTo(Status.Code.CANCELLED);
        Eventually.holds("the gateway has ended it", () -> rig.count("cancelled") == cancelled + 1);
        rig.vision().release();
        answers.forEach(Answer::succeeded);
        assertThat(rig.vision().images()).hasSize(before + 1);
    }

    @Test
    void shouldNotMixWhatItAnswersAtTheSameTime() {
        rig.decoder().script(start -> Script.of(60)
                .batches(1 + (int) (start.getSampling().getSeed() % 5)));
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(ask(asking("Question number " + i)
                    .setMaxTokens(60)
                    .setSampling(Sampling.newBuilder().setSeed(i).setTemperature(1))));
        }
        for (Answer answer : answers) {
            answer.succeeded();
            assertThat(answer.ids()).isEqualTo(expected(startOf(answer), 60));
            assertThat(answer.text()).isEqualTo(decoded(answer.ids()));
        }
    }

    @Test
    void shouldEndBeforeAStopStringThatSpansTokens() {
        List<Integer> said = IntStream.of(TOKENIZER.encodePlain("What is shown in this image of a dog?"))
                .boxed()
                .toList();
        String whole = decoded(said);
        rig.decoder().script(Script.of(0).saying(said));
        Answer answer = ask(asking("What?").addStop("n this im").addStop("zzz")).succeeded();
        assertThat(answer.text()).isEqualTo(whole.substring(0, whole.indexOf("n this im")));
        assertThat(answer.finished().getReason()).isEqualTo(Finished.Reason.REASON_STOP);
        assertThat(answer.finished().getStop()).isEqualTo("n this im");
        assertThat(answer.ids()).hasSizeLessThan(said.size());
        assertThat(answer.finished().getUsage().getCompletionTokens())
                .isEqualTo(answer.ids().size());
    }

    @Test
    void shouldReleaseWhatWasHeldBackWhenTheAnswerEnds() {
        List<Integer> said =
                IntStream.of(TOKENIZER.encodePlain("a dog and st")).boxed().toList();
        rig.decoder().script(Script.of(0).saying(said).batches(100));
        Answer answer = ask(asking("What?").addStop("stop")).succeeded();
        assertThat(answer.text()).isEqualTo(decoded(said));
        assertThat(answer.finished().getReason()).isEqualTo(Finished.Reason.REASON_STOP);
        assertThat(answer.finished().getStop()).isEmpty();
    }

    @Test
    void shouldTellLogprobsWithTheTokenAlone() {
        Answer answer = ask(asking("What?").setTopLogprobs(3).setMaxTokens(4)).succeeded();
        List<TokenLogprobs> logprobs = answer.deltas().stream()
                .flatMap(delta -> delta.getLogprobsList().stream())
                .toList();
        assertThat(logprobs).hasSize(4);
        for (int i = 0; i < 4; i++) {
            TokenLogprobs told = logprobs.get(i);
            assertThat(told.getChosen().getTokenId()).isEqualTo(answer.ids().get(i));
            assertThat(told.getChosen().getLogprob()).isEqualTo(-0.5f);
            assertThat(told.getChosen().getBytes().toByteArray())
                    .isEqualTo(TOKENIZER.bytesOf(answer.ids().get(i)));
            assertThat(told.getTopList()).hasSize(3);
            assertThat(told.getTop(2).getLogprob()).isEqualTo(-1.5f);
        }
    }

    @Test
    void shouldTakeARawPromptAsItIs() {
        Answer answer = ask(ChatRequest.newBuilder()
                        .setRaw(RawPrompt.newBuilder()
                                .setText("USER: <image>\nWhat is shown in this image? ASSISTANT:")
                                .addImages(org.llavacluster.proto.v1.Image.newBuilder()
                                        .setData(image("scene.png")))))
                .succeeded();
        assertThat(answer.started().getPromptIdsList().subList(0, 4)).containsExactly(1, 375, 311, 699);
    }

    @Test
    void shouldSayUnavailableWhenTheDecoderFailsAgainAndAgainBeforeTokensAndAbortedAfterThem() {
        rig.decoder().script(Script.of(8).failing(new Failure.Unavailable("the node is draining"), 0));
        Answer before = ask(asking("What?"));
        assertThat(before.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(before.ids()).isEmpty();
        rig.decoder().script(Script.of(8).failing(new Failure.Unavailable("the node is draining"), 3));
        Answer after = ask(asking("What?"));
        assertThat(after.status().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(after.ids()).isEqualTo(expected(startOf(after), 3));
    }

    @Test
    void shouldPassOnWhatADecoderRefuses() {
        rig.decoder()
                .script(Script.of(8)
                        .failing(new Failure.Overloaded("the KV cache is full", java.time.Duration.ofSeconds(2)), 0));
        assertThat(ask(asking("What?")).status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        rig.decoder().script(Script.of(8).failing(new Failure.Corrupt("checksum"), 0));
        assertThat(ask(asking("What?")).status().getCode()).isEqualTo(Status.Code.DATA_LOSS);
    }

    @Test
    void shouldSayUnavailableWhenNoVisionNodeIsLeft() {
        rig.vision().answer(encoded -> FakeVision.Answer.BROKEN);
        Answer answer = ask(asking("What?", freshImage("scene.png")));
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(answer.events()).isEmpty();
    }

    @Test
    void shouldEndAtTheDeadlineAndFreeTheDecoder() {
        rig.decoder().script(Script.of(8).stalling(3));
        Answer answer = Answer.to(
                rig.stub().withDeadlineAfter(300, TimeUnit.MILLISECONDS),
                asking("What?").build());
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        // On a busy machine the time may be over before all of them arrive.
        List<Integer> ids = answer.ids();
        assertThat(ids).hasSizeLessThanOrEqualTo(3);
        if (!ids.isEmpty()) {
            assertThat(ids).isEqualTo(expected(startOf(answer), ids.size()));
        }
    }

    @Test
    void shouldNotBeginWhatIsLateAlready() {
        int before = rig.decoder().calls();
        Answer answer = Answer.to(
                rig.stub().withDeadlineAfter(-1, TimeUnit.MILLISECONDS),
                asking("What?").build());
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(rig.decoder().calls()).isEqualTo(before);
    }

    @Test
    void shouldTellTheDeadlineItGave() {
        Answer answer = Answer.to(
                        org.llavacluster.proto.v1.LlavaGrpc.newStub(rig.channel()),
                        asking("What?").build())
                .succeeded();
        assertThat(answer.started().getDeadlineMillis()).isEqualTo(600_000);
        Answer longest = Answer.to(
                        rig.stub().withDeadlineAfter(36_500, TimeUnit.DAYS),
                        asking("What?").build())
                .succeeded();
        assertThat(longest.started().getDeadlineMillis()).isEqualTo(3_600_000);
    }

    @Test
    void shouldFreeTheDecoderWhenTheCallerCancels() {
        rig.decoder().script(Script.of(8).stalling(3));
        int cancelled = rig.decoder().cancelled();
        double abandoned = rig.counter("llava.abandoned.work.seconds");
        Answer answer = ask(asking("What?"));
        Eventually.holds("tokens have arrived", () -> answer.ids().size() == 3);
        assertThat(rig.counter("llava.abandoned.work.seconds")).isEqualTo(abandoned);
        answer.cancel();
        answer.cancel();
        assertThat(answer.status().getCode()).isEqualTo(Status.Code.CANCELLED);
        Eventually.holds("the decoder was cancelled", () -> rig.decoder().cancelled() == cancelled + 1);
        // The time until the request's thread saw it: counted, and far below the time of a request.
        assertThat(rig.counter("llava.abandoned.work.seconds") - abandoned)
                .isGreaterThan(0)
                .isLessThan(10);
    }

    @Test
    void shouldRefuseInvalidRequestsBeforeAnyWorkIsDone() {
        int before = rig.decoder().calls();
        assertThat(ask(ChatRequest.newBuilder()).status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(ask(asking("What?").setMaxTokens(0)).status().getDescription())
                .isEqualTo("max_tokens must be from 1 to what the context holds, given 0");
        ChatRequest.Builder role = asking("What?");
        role.getConversationBuilder().getMessagesBuilder(0).setRoleValue(9);
        assertThat(ask(role).status().getDescription())
                .isEqualTo("messages[0].role must be ROLE_SYSTEM (1), ROLE_USER (2) or ROLE_ASSISTANT (3), given 9");
        assertThat(ask(asking("What?").setModel("other")).status().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(ask(askingAbout("What?", ByteString.copyFrom(new byte[32]))).status())
                .satisfies(status -> {
                    assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
                    assertThat(status.getDescription()).contains("send the image again");
                });
        assertThat(rig.decoder().calls()).isEqualTo(before);
    }
}
