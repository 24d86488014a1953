package org.llavacluster.decoder.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.decoder.scheduler.SchedulerLimits;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.fixture.Backends;
import org.llavacluster.model.fixture.GoldenCase;
import org.llavacluster.model.memory.KvSizing;
import org.llavacluster.node.tensor.TensorWaiter;
import org.llavacluster.proto.cluster.v1.Completed;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.LogitBias;
import org.llavacluster.proto.cluster.v1.Missing;
import org.llavacluster.proto.cluster.v1.SamplingSpec;
import org.llavacluster.proto.cluster.v1.Source;
import org.llavacluster.proto.cluster.v1.Start;

class DecoderNodeTest {

    private DecoderRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new DecoderRig("llava-1.5-tiny", DecoderRig.LIMITS);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    static Stream<Arguments> backendsAndFixtures() {
        return Backends.with(List.of("llava-1.5-tiny", "llava-1.6-tiny"));
    }

    @ParameterizedTest
    @MethodSource("backendsAndFixtures")
    void shouldAnswerAsTheReferenceAloneAndAllAtOnce(Backends backend, String fixture) throws Exception {
        rig.close();
        rig = new DecoderRig(fixture, backend, DecoderRig.LIMITS, DecoderRig.BLOCKS);
        for (GoldenCase golden : rig.fixture.cases()) {
            GenerateClient answer = rig.ask(FixturePrompts.start(rig.fixture, golden));
            assertThat(answer.awaitIds()).as(golden.name()).isEqualTo(FixturePrompts.expected(rig.fixture, golden));
            assertThat(answer.await().getGenerated()).isEqualTo(answer.ids.size());
            assertThat(answer.awaitAccepted().getNumericsId()).isEqualTo(DecoderRig.NUMERICS);
            assertThat(answer.awaitAccepted().getPromptTokens()).isEqualTo(golden.inputIds().length);
        }
        rig.awaitIdle();

        Map<GoldenCase, GenerateClient> together = new LinkedHashMap<>();
        rig.holdUntilArrived(8);
        for (GoldenCase golden : rig.fixture.cases().subList(0, 8)) {
            together.put(golden, rig.ask(FixturePrompts.start(rig.fixture, golden)));
        }
        for (Map.Entry<GoldenCase, GenerateClient> each : together.entrySet()) {
            assertThat(each.getValue().awaitIds())
                    .as(each.getKey().name())
                    .isEqualTo(FixturePrompts.expected(rig.fixture, each.getKey()));
        }
        assertThat(rig.model.mostSequences()).isGreaterThan(1);
        rig.awaitIdle();
        assertThat(rig.backend.open()).hasValue(0);
    }

    @Test
    void shouldGoOnFromEveryTokenAsTheFirstAttemptDid() throws Exception {
        GoldenCase golden = golden("one-image");
        SamplingSpec sampled = FixturePrompts.greedy()
                .setTemperature(1.5f)
                .setTopK(20)
                .setRepetitionPenalty(1.2f)
                .setSeed(77)
                .build();
        SamplingSpec penalised = sampled.toBuilder()
                .setPresencePenalty(0.7f)
                .setFrequencyPenalty(1.1f)
                .addLogitBias(LogitBias.newBuilder().setTokenId(300).setBias(2))
                .build();
        for (SamplingSpec sampling : List.of(FixturePrompts.greedy().build(), sampled, penalised)) {
            Start whole = FixturePrompts.start(rig.fixture, golden)
                    .setSampling(sampling)
                    .clearStopIds()
                    .build();
            List<Integer> ids = rig.ask(whole.toBuilder()).awaitIds();
            assertThat(ids).hasSize(whole.getMaxTokens());
            for (int produced = 1; produced < ids.size(); produced++) {
                GenerateClient rest = rig.ask(whole.toBuilder()
                        .setNumericsId(DecoderRig.NUMERICS)
                        .addAllProduced(ids.subList(0, produced))
                        .setMaxTokens(ids.size() - produced));
                assertThat(rest.awaitIds()).as("after " + produced).isEqualTo(ids.subList(produced, ids.size()));
                assertThat(rest.await().getGenerated()).isEqualTo(ids.size());
            }
        }
    }

    @Test
    void shouldDrawTheSameTokensForTheSameSeedAndOthersForAnother() throws Exception {
        List<List<Integer>> answers = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            answers.add(rig.ask(FixturePrompts.start(rig.fixture, golden("text-only"))
                            .setSampling(
                                    FixturePrompts.greedy().setTemperature(5).setSeed(seed))
                            .clearStopIds())
                    .awaitIds());
        }
        assertThat(answers.get(1)).isEqualTo(answers.get(0));
        assertThat(answers.get(2)).isNotEqualTo(answers.get(0));
    }

    @Test
    void shouldComputeOnlyTheRowsAfterAnImageThatItHasSeen() throws Exception {
        GoldenCase golden = golden("one-image");
        Start.Builder start = FixturePrompts.start(rig.fixture, golden).setMaxTokens(1);
        int rows = golden.inputIds().length;

        GenerateClient first = rig.ask(start);
        first.await();
        assertThat(first.awaitAccepted().getCachedTokens()).isZero();
        assertThat(rig.model.rows()).isEqualTo(rows);

        GenerateClient again = rig.ask(start);
        assertThat(again.awaitIds()).isEqualTo(first.ids);
        int cached = (rows - 1) / KvSizing.BLOCK_TOKENS * KvSizing.BLOCK_TOKENS;
        assertThat(again.awaitAccepted().getCachedTokens()).isEqualTo(cached);
        assertThat(rig.model.rows()).isEqualTo(rows + rows - cached);

        GenerateClient ofAnotherTenant = rig.ask(start.clone().setPrefixSalt(ByteString.copyFromUtf8("another")));
        assertThat(ofAnotherTenant.awaitIds()).isEqualTo(first.ids);
        assertThat(ofAnotherTenant.awaitAccepted().getCachedTokens()).isZero();
    }

    /** Another question about the same image, on the SIMD engine, whose cached rows equal computed ones bit for bit. */
    @Test
    void shouldComputeOnlyTheRowsAfterAPictureForAnotherQuestionAboutIt() throws Exception {
        rig.close();
        rig = new DecoderRig("llava-1.5-tiny", Backends.SIMD, DecoderRig.LIMITS, DecoderRig.BLOCKS);
        GoldenCase golden = golden("one-image");
        Start.Builder first = FixturePrompts.start(rig.fixture, golden).setMaxTokens(4);
        assertThat(first.getPromptCount()).isEqualTo(3);
        int beforeTheQuestion = first.getPrompt(0).getTokens().getIdsCount()
                + first.getPrompt(1).getImage().getRows();
        rig.ask(first).await();

        Start.Builder second = first.clone().clearStopIds().setMaxTokens(6);
        second.getPromptBuilder(2).getTokensBuilder().clearIds().addAllIds(List.of(7, 300, 12, 9, 44));
        int before = rig.model.rows();
        GenerateClient answer = rig.ask(second);
        List<Integer> ids = answer.awaitIds();
        int cached = beforeTheQuestion / KvSizing.BLOCK_TOKENS * KvSizing.BLOCK_TOKENS;
        assertThat(answer.awaitAccepted().getCachedTokens()).isEqualTo(cached);
        assertThat(rig.model.rows() - before).isEqualTo(beforeTheQuestion - cached + 5 + (ids.size() - 1));

        GenerateClient uncached = rig.ask(second.clone().setPrefixSalt(ByteString.copyFromUtf8("another")));
        assertThat(uncached.awaitIds()).isEqualTo(ids);
        assertThat(uncached.awaitAccepted().getCachedTokens()).isZero();
    }

    @Test
    void shouldLetATextPassWhenEveryPlaceIsTakenByOneThatWaitsForItsImage() throws Exception {
        rig.close();
        rig = new DecoderRig(
                "llava-1.5-tiny",
                Backends.REFERENCE,
                new SchedulerLimits(1, 8, 64, TimeUnit.SECONDS.toNanos(1), 4, 8, 0),
                DecoderRig.BLOCKS);
        rig.projector.make(rig.keyOf("scene.png"));
        GoldenCase waits = golden("one-image");
        GenerateClient early = rig.ask(FixturePrompts.start(rig.fixture, waits));
        TensorWaiter parked = rig.projector.parked.poll(60, TimeUnit.SECONDS);

        GoldenCase other = golden("text-only");
        assertThat(rig.ask(FixturePrompts.start(rig.fixture, other)).awaitIds())
                .isEqualTo(FixturePrompts.expected(rig.fixture, other));

        parked.answer(rig.projector.answer(rig.keyOf("scene.png")));
        assertThat(early.awaitIds()).isEqualTo(FixturePrompts.expected(rig.fixture, waits));
        rig.awaitIdle();
        assertThat(rig.backend.open()).hasValue(0);
    }

    @Test
    void shouldFetchImagesAgainWhenTheirSequenceWasPreempted() throws Exception {
        keepRowsOfImages(0);
        rig.holdUntilArrived(2);
        assertAnsweredWithAPreemption();
    }

    private void keepRowsOfImages(int rows) throws Exception {
        rig.close();
        // Both prompts fit, both answers do not.
        rig = new DecoderRig(
                "llava-1.5-tiny",
                Backends.REFERENCE,
                new SchedulerLimits(8, 8, 64, TimeUnit.SECONDS.toNanos(1), 4, 1, rows),
                10);
    }

    private void assertAnsweredWithAPreemption() throws Exception {
        GoldenCase older = golden("one-image");
        GoldenCase younger = golden("portrait-system");
        GenerateClient first = rig.ask(FixturePrompts.start(rig.fixture, older));
        GenerateClient second = rig.ask(FixturePrompts.start(rig.fixture, younger));
        assertThat(first.awaitIds()).isEqualTo(FixturePrompts.expected(rig.fixture, older));
        assertThat(second.awaitIds()).isEqualTo(FixturePrompts.expected(rig.fixture, younger));
        rig.awaitIdle();
        assertThat(rig.metrics
                        .get("llava.decoder.preemptions")
                        .functionCounter()
                        .count())
                .isPositive();
        assertThat(rig.backend.open()).hasValue(0);
    }

    /** The projector dies when both stream; then the blocks run out, and one is preempted and computed again. */
    @Test
    void shouldGoOnWithoutItsProjectorWhenItsSequenceIsPreempted() throws Exception {
        keepRowsOfImages(100_000);
        rig.holdUntilArrived(2);
        DecoderRig dying = rig;
        GatedDecoder.Gate arrival = rig.model.gate;
        rig.model.gate = step -> {
            arrival.before(step);
            dying.model.gate = later -> {
                boolean bothStream = later.size() == 2 && later.stream().allMatch(sequence -> sequence.rows() == 1);
                if (bothStream) {
                    dying.projector.close();
                    dying.model.gate = _ -> {};
                }
            };
        };
        assertAnsweredWithAPreemption();
        assertThat(rig.projector.pulls).hasValue(2);
    }

    @Test
    void shouldSendAlternativesWithTheirLogProbabilities() throws Exception {
        GenerateClient answer =
                rig.ask(FixturePrompts.start(rig.fixture, golden("one-image")).setTopLogprobs(3));
        List<Integer> ids = answer.awaitIds();
        assertThat(answer.logprobs).hasSameSizeAs(ids);
        for (int i = 0; i < ids.size(); i++) {
            assertThat(answer.logprobs.get(i).getTopIdsList()).hasSize(3).startsWith(ids.get(i));
            assertThat(answer.logprobs.get(i).getTopLogprobs(0))
                    .isEqualTo(answer.logprobs.get(i).getChosen());
        }
    }

    @Test
    void shouldFreeAllBlocksOfACancelledCallAndLeaveTheNextUnaffected() throws Exception {
        CountDownLatch computing = new CountDownLatch(5);
        CountDownLatch go = new CountDownLatch(1);
        rig.model.gate = step -> {
            computing.countDown();
            if (computing.getCount() == 0) {
                awaitUninterrupted(go);
            }
        };
        GenerateClient answer = rig.ask(longAnswer("one-image"));
        awaitUninterrupted(computing);
        answer.cancel();
        go.countDown();
        assertThat(answer.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
        rig.awaitIdle();
        assertThat(rig.backend.open()).hasValue(0);

        GoldenCase golden = golden("portrait-system");
        assertThat(rig.ask(FixturePrompts.start(rig.fixture, golden)).awaitIds())
                .isEqualTo(FixturePrompts.expected(rig.fixture, golden));
    }

    @Test
    void shouldFreeAllBlocksOfACallWhoseDeadlineIsOver() throws Exception {
        rig.projector.make(rig.keyOf("scene.png"));
        GenerateClient answer = rig.ask(
                FixturePrompts.start(rig.fixture, golden("one-image")),
                rig.stub().withDeadlineAfter(300, TimeUnit.MILLISECONDS),
                false);
        assertThat(answer.awaitStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        rig.awaitIdle();
        assertThat(rig.backend.open()).hasValue(0);
    }

    @Test
    void shouldLetOthersPassWhileImagesAreOnTheirWayAndReadThePromptUpToThem() throws Exception {
        rig.projector.make(rig.keyOf("scene.png"));
        GoldenCase waits = golden("one-image");
        GenerateClient early = rig.ask(FixturePrompts.start(rig.fixture, waits));
        TensorWaiter parked = rig.projector.parked.poll(60, TimeUnit.SECONDS);

        GoldenCase other = golden("text-only");
        assertThat(rig.ask(FixturePrompts.start(rig.fixture, other)).awaitIds())
                .isEqualTo(FixturePrompts.expected(rig.fixture, other));
        int before = FixturePrompts.start(rig.fixture, waits)
                .getPrompt(0)
                .getTokens()
                .getIdsCount();
        assertThat(rig.model.steps.getFirst().getFirst().rows()).isEqualTo(before);

        parked.answer(rig.projector.answer(rig.keyOf("scene.png")));
        assertThat(early.awaitIds()).isEqualTo(FixturePrompts.expected(rig.fixture, waits));
    }

    @Test
    void shouldKeepOthersAtTheirPaceBesideAReaderThatStopped() throws Exception {
        List<Integer> alone = rig.ask(longAnswer("text-only")).awaitIds();
        GenerateClient slow = rig.askSlowly(longAnswer("text-only"));
        slow.read(1);
        slow.awaitAccepted();
        List<GenerateClient> others = new ArrayList<>();
        rig.holdUntilArrived(7);
        int stepsBefore = rig.model.steps.size();
        for (int i = 0; i < 7; i++) {
            others.add(rig.ask(longAnswer("text-only")));
        }
        for (GenerateClient other : others) {
            assertThat(other.awaitIds()).isEqualTo(alone);
        }
        // One step for each token and a few more, because the first of the seven may begin one step before the others.
        assertThat(rig.model.steps.size() - stepsBefore).isBetween(alone.size(), 2 * alone.size());
        assertThat(slow.ids).isEmpty();
        rig.awaitState(state -> state.getRunning() == 1 && state.getWaiting() == 0);
        assertThat(rig.metrics.get("llava.decoder.paused").gauge().value()).isEqualTo(1);

        slow.readOn();
        assertThat(slow.awaitIds()).isEqualTo(alone);
    }

    @Test
    void shouldAskForAnImageThatIsNowhereAndGoOnWithTheAnswer() throws Exception {
        GoldenCase golden = golden("two-images");
        for (String image : golden.images()) {
            rig.projector.drop(rig.keyOf(image));
        }
        GenerateClient answer = rig.ask(FixturePrompts.start(rig.fixture, golden));
        for (int i = 0; i < golden.images().stream().distinct().count(); i++) {
            Missing missing = answer.awaitMissing();
            String image = golden.images().stream()
                    .filter(name -> rig.keyOf(name).equals(missing.getEmbeddingKey()))
                    .findFirst()
                    .orElseThrow();
            rig.projector.put(missing.getEmbeddingKey(), FixturePrompts.embeddings(rig.fixture, image));
            answer.send(Source.newBuilder()
                    .setEmbeddingKey(missing.getEmbeddingKey())
                    .setVisionNode("vision-0")
                    .setProjectorNode("projector-0")
                    .build());
        }
        assertThat(answer.awaitIds()).isEqualTo(FixturePrompts.expected(rig.fixture, golden));
    }

    @Test
    void shouldGiveUpOnAnImageThatNobodyWillEncodeAgain() throws Exception {
        rig.projector.drop(rig.keyOf("scene.png"));
        GenerateClient answer = rig.ask(FixturePrompts.start(rig.fixture, golden("one-image")));
        answer.awaitMissing();
        answer.halfClose();
        Status status = answer.awaitStatus();
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).contains("image 0");
        rig.awaitIdle();
    }

    @Test
    void shouldAnswerUnavailableWhenTheProjectorDies() throws Exception {
        rig.projector.make(rig.keyOf("scene.png"));
        GenerateClient answer = rig.ask(FixturePrompts.start(rig.fixture, golden("one-image")));
        assertThat(rig.projector.parked.poll(60, TimeUnit.SECONDS)).isNotNull();
        rig.projector.close();
        assertThat(answer.awaitMissing().getUnreachable()).isTrue();
        answer.halfClose();
        assertThat(answer.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        rig.awaitIdle();
        assertThat(rig.backend.open()).hasValue(0);
    }

    @Test
    void shouldAnswerUnavailableForAProjectorThatIsNotInTheCluster() throws Exception {
        Start.Builder start = FixturePrompts.start(rig.fixture, golden("one-image"));
        start.getPromptBuilder(1).getImageBuilder().setProjectorNode("projector-9");
        GenerateClient answer = rig.ask(start);
        assertThat(answer.awaitMissing().getUnreachable()).isTrue();
        answer.halfClose();
        assertThat(answer.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        rig.awaitIdle();
    }

    @Test
    void shouldRefuseEmbeddingsOfAnotherShape() throws Exception {
        Start.Builder start = FixturePrompts.start(rig.fixture, golden("one-image"));
        ImageReference.Builder image = start.getPromptBuilder(1).getImageBuilder();
        image.setRows(image.getRows() + 1);
        Status status = rig.ask(start).awaitStatus();
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription()).contains("shape");
        rig.awaitIdle();
    }

    @Test
    void shouldRefuseAnAnswerThatDoesNotFitTheContext() throws Exception {
        int context = rig.fixture.config().decoder().contextTokens();
        Start.Builder start =
                FixturePrompts.start(rig.fixture, golden("text-only")).setMaxTokens(context);
        Status status = rig.ask(start).awaitStatus();
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription())
                .isEqualTo("max_tokens " + context + " exceeds the context of " + context
                        + " with the prompt's 8 tokens and 0 produced");
    }

    @Test
    void shouldRefuseEmbeddingsThatAreNotNumbers() throws Exception {
        GoldenCase golden = golden("one-image");
        HostTensor poison = FixturePrompts.embeddings(rig.fixture, "scene.png");
        poison.bytes().setAtIndex(HostTensor.FLOAT, 0, Float.NaN);
        ByteString key = ByteString.copyFromUtf8("poison");
        rig.projector.put(key, poison);
        Start.Builder poisoned = FixturePrompts.start(rig.fixture, golden);
        poisoned.getPromptBuilder(1).getImageBuilder().setEmbeddingKey(key);

        GenerateClient good = rig.ask(FixturePrompts.start(rig.fixture, golden));
        GenerateClient bad = rig.ask(poisoned);
        assertThat(bad.awaitStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
        assertThat(good.awaitIds()).isEqualTo(FixturePrompts.expected(rig.fixture, golden));
        rig.awaitIdle();
    }

    @Test
    void shouldFailTheRequestsOfABrokenStepAndServeTheNext() throws Exception {
        rig.model.gate = step -> {
            throw new IllegalStateException("the engine");
        };
        Status status =
                rig.ask(FixturePrompts.start(rig.fixture, golden("text-only"))).awaitStatus();
        assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(status.getDescription()).contains("incident").doesNotContain("engine");
        rig.model.gate = step -> {};
        GoldenCase golden = golden("text-only");
        assertThat(rig.ask(FixturePrompts.start(rig.fixture, golden)).awaitIds())
                .isEqualTo(FixturePrompts.expected(rig.fixture, golden));
        rig.awaitIdle();
    }

    @Test
    void shouldFailAllStreamsAndTellItsOwnerWhenTheLoopBreaks() throws Exception {
        GenerateClient streaming = rig.ask(longAnswer("text-only"));
        streaming.awaitFirstToken();
        rig.model.gate = step -> {
            throw new AssertionError("an invariant");
        };
        assertThat(streaming.awaitStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        rig.broken.get(60, TimeUnit.SECONDS);
        assertThat(rig.ask(longAnswer("text-only")).awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void shouldRefuseMoreRequestsThanItMayHold() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        rig.model.gate = step -> awaitUninterrupted(go);
        List<GenerateClient> answers = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            answers.add(rig.ask(longAnswer("text-only")));
        }
        // The threads decide which of them is last.
        go.countDown();
        int refused = 0;
        for (GenerateClient answer : answers) {
            try {
                answer.await();
            } catch (ExecutionException e) {
                assertThat(Status.fromThrowable(e.getCause()).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                refused++;
            }
        }
        assertThat(refused).isEqualTo(1);
        rig.awaitIdle();
    }

    @Test
    void shouldEndAtAStopIdThatIsNotPartOfTheAnswer() throws Exception {
        GoldenCase golden = golden("one-image");
        List<Integer> whole = FixturePrompts.expected(rig.fixture, golden);
        int stop = whole.get(5);
        GenerateClient answer =
                rig.ask(FixturePrompts.start(rig.fixture, golden).addStopIds(stop));
        assertThat(answer.awaitIds()).isEqualTo(whole.subList(0, whole.indexOf(stop)));
        assertThat(answer.await().getReason()).isEqualTo(Completed.Reason.REASON_STOP);
    }

    @Test
    void shouldNotEndBeforeTheLeastTokens() throws Exception {
        GoldenCase golden = golden("one-image");
        List<Integer> whole = FixturePrompts.expected(rig.fixture, golden);
        int stop = whole.get(5);
        int least = whole.indexOf(stop) + 2;
        GenerateClient answer = rig.ask(
                FixturePrompts.start(rig.fixture, golden).addStopIds(stop).setMinTokens(least));
        assertThat(answer.awaitIds().size()).isGreaterThanOrEqualTo(least);
        assertThat(answer.awaitIds().subList(0, least)).doesNotContain(stop);
    }

    @Test
    void shouldGenerateMoreDifferentTokensWithPenalties() throws Exception {
        Start.Builder start = longAnswer("text-only");
        start.getSamplingBuilder().setPresencePenalty(2).setFrequencyPenalty(2);
        List<Integer> plain = rig.ask(longAnswer("text-only")).awaitIds();
        List<Integer> penalised = rig.ask(start).awaitIds();
        assertThat(penalised.stream().distinct().count())
                .isGreaterThan(plain.stream().distinct().count());
    }

    private GoldenCase golden(String name) {
        return rig.fixture.cases().stream()
                .filter(golden -> golden.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** 60 tokens, whatever they are. */
    private Start.Builder longAnswer(String name) {
        return FixturePrompts.start(rig.fixture, golden(name)).clearStopIds().setMaxTokens(60);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test let it wait too long");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldGiveRequestsBackThatMayMoveAndFinishTheOthersWhenItDrains() throws Exception {
        Start.Builder start = FixturePrompts.start(rig.fixture, golden("text-only"))
                .clearStopIds()
                .setMaxTokens(60);
        List<Integer> whole = rig.ask(start.clone()).awaitIds();
        CountDownLatch drained = new CountDownLatch(1);
        int before = rig.model.steps.size();
        rig.model.gate = step -> {
            if (rig.model.steps.size() > before + 10) {
                awaitQuietly(drained);
            }
        };
        GenerateClient moving = rig.ask(start.clone().setMayMove(true));
        GenerateClient staying = rig.ask(start.clone());
        moving.awaitFirstToken();
        staying.awaitFirstToken();
        rig.drain();
        moving.awaitMoved();
        drained.countDown();
        assertThat(moving.ids).hasSizeLessThan(60).isEqualTo(whole.subList(0, moving.ids.size()));
        assertThat(staying.awaitIds()).isEqualTo(whole);
        rig.ask(start.clone().setMayMove(true)).awaitMoved();
        rig.awaitIdle();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
