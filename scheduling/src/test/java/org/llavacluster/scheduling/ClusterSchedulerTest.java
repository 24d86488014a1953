package org.llavacluster.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.scheduling.SchedulerRig.MILLI;
import static org.llavacluster.scheduling.SchedulerRig.SECOND;
import static org.llavacluster.scheduling.SchedulerRig.image;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.scheduling.ClusterEvent.Cause;
import org.llavacluster.scheduling.RequestOutcome.Fault;
import org.llavacluster.scheduling.RequestOutcome.Refusal;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.name.PromptPrefixes;
import org.llavacluster.scheduling.worker.HealthRules;
import org.llavacluster.scheduling.worker.WorkerRole;
import org.llavacluster.scheduling.worker.Workers;

class ClusterSchedulerTest {

    private final SchedulerRig rig = new SchedulerRig().withWorkers();

    private ClusterAction.Generate generate() {
        return rig.only(ClusterAction.Generate.class);
    }

    /** A text request that streams at a decoder. */
    private ClusterAction.Generate streaming(int tokens) {
        rig.submit();
        ClusterAction.Generate generate = generate();
        rig.tell(
                new ClusterEvent.Accepted(generate.id(), generate.attempt(), 0),
                new ClusterEvent.Produced(generate.id(), generate.attempt(), tokens));
        return generate;
    }

    /** So many text requests that no decoder takes more. */
    private List<Long> fillDecoders() {
        List<Long> filling = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            filling.add(rig.submit().id());
            generate();
        }
        return filling;
    }

    @Test
    void shouldTakeATextRequestThroughADecoder() {
        rig.submit();
        ClusterAction.Generate generate = generate();
        assertThat(generate.produced()).isZero();
        rig.tell(
                new ClusterEvent.Accepted(generate.id(), generate.attempt(), 0),
                new ClusterEvent.Produced(generate.id(), generate.attempt(), 3),
                new ClusterEvent.Completed(generate.id(), generate.attempt()));
        assertThat(rig.outcome()).isEqualTo(new RequestOutcome.Completed());
        assertThat(rig.scheduler.load().inside()).isZero();
    }

    @Test
    void shouldEncodeAnImageOnceForAllWhoWait() {
        fillDecoders();
        rig.submit(image(1));
        rig.submit(image(1));
        ClusterAction.Encode batch = rig.batch();
        assertThat(batch.images()).containsExactly(image(1));
        assertThat(rig.scheduler.load().flights()).isEqualTo(1);
        rig.encoded(batch);
        assertThat(rig.scheduler.load().waitingForDecoders()).isEqualTo(2);
        rig.submit(image(1));
        assertThat(rig.scheduler.load().flights()).as("the node still has it").isZero();
        assertThat(rig.scheduler.load().waitingForDecoders()).isEqualTo(3);
    }

    @Test
    void shouldGoOnEncodingForTheOthersWhenOneLeaves() {
        fillDecoders();
        long first = rig.submit(image(1)).id();
        long second = rig.submit(image(1)).id();
        ClusterAction.Encode batch = rig.batch();
        rig.tell(new ClusterEvent.Cancelled(first));
        assertThat(rig.all(ClusterAction.DropImage.class)).isEmpty();
        rig.tell(new ClusterEvent.Cancelled(second));
        assertThat(rig.only(ClusterAction.DropImage.class).batch()).isEqualTo(batch.batch());
    }

    @Test
    void shouldFailABadImageAlone() {
        fillDecoders();
        long bad = rig.submit(image(1)).id();
        long good = rig.submit(image(2)).id();
        rig.pass(20 * MILLI);
        List<ClusterAction.Encode> batches = rig.all(ClusterAction.Encode.class);
        List<ClusterEvent> results = new ArrayList<>();
        for (ClusterAction.Encode batch : batches) {
            batch.images()
                    .forEach(one -> results.add(
                            one.equals(image(1))
                                    ? new ClusterEvent.ImageRefused(batch.batch(), one.featureKey())
                                    : new ClusterEvent.ImageEncoded(batch.batch(), one.featureKey())));
            results.add(new ClusterEvent.BatchEnded(batch.batch(), false));
        }
        rig.tell(results.toArray(ClusterEvent[]::new));
        assertThat(rig.only(ClusterAction.End.class))
                .isEqualTo(new ClusterAction.End(bad, new RequestOutcome.ImageRefused(image(1).featureKey())));
        assertThat(rig.scheduler.load().waitingForDecoders()).isEqualTo(1);
        assertThat(good).isNotEqualTo(bad);
    }

    @Test
    void shouldNotHoldTextUpBehindImagesThatAreEncoded() {
        for (int i = 0; i < 500; i++) {
            rig.submit(image(i));
        }
        assertThat(rig.scheduler.load().waitingForVision())
                .as("more than the vision nodes take")
                .isPositive();
        rig.submit();
        generate();
    }

    @Test
    void shouldNotStarveImagesBehindTextThatCameLater() {
        List<Long> filling = fillDecoders();
        long withImage = rig.submit(image(1)).id();
        ClusterAction.Encode batch = rig.batch();
        for (int i = 0; i < 20; i++) {
            rig.submit();
        }
        rig.encoded(batch);
        rig.tell(new ClusterEvent.Cancelled(filling.getFirst()));
        assertThat(generate().id())
                .as("the next place is that of the first to arrive")
                .isEqualTo(withImage);
    }

    @Test
    void shouldStartARequestWithImagesEarlyWhileDecodersAreIdle() {
        rig.submit(image(1));
        rig.pass(20 * MILLI);
        ClusterAction.Encode batch = rig.only(ClusterAction.Encode.class);
        rig.encoded(batch);
        assertThat(rig.scheduler.load().generating()).isEqualTo(1);
        assertThat(rig.actions())
                .as("the decoder was told the node before")
                .containsExactly(new ClusterAction.ImagesReady(0));
    }

    @Test
    void shouldResumeElsewhereWithTheTokensProduced() {
        ClusterAction.Generate before = streaming(7);
        rig.tell(new ClusterEvent.WorkerLost(before.decoder(), 1));
        ClusterAction.Generate after = generate();
        assertThat(after.produced()).isEqualTo(7);
        assertThat(after.attempt()).isEqualTo(before.attempt() + 1);
        assertThat(after.decoder()).isNotEqualTo(before.decoder());
        assertThat(rig.scheduler.load().resumes()).isEqualTo(1);
        rig.tell(new ClusterEvent.Produced(before.id(), before.attempt(), 5));
        assertThat(rig.scheduler.load().late()).as("tokens of the lost call").isEqualTo(1);
    }

    @Test
    void shouldTakeTheStreamsOfASilentDecoderAwayAfterTwoSeconds() {
        ClusterAction.Generate before = streaming(7);
        String other = before.decoder().equals("DECODER-1") ? "DECODER-2" : "DECODER-1";
        rig.now += 1_999 * MILLI;
        rig.report(Workers.report(WorkerRole.DECODER, other, 1));
        assertThat(rig.actions()).isEmpty();
        rig.now += MILLI;
        rig.tell();
        assertThat(rig.only(ClusterAction.Abandon.class).attempt()).isEqualTo(before.attempt());
        assertThat(generate().decoder()).isEqualTo(other);
    }

    @Test
    void shouldMoveAStreamThatADrainingDecoderHandsOver() {
        ClusterAction.Generate before = streaming(7);
        rig.report(Workers.report(WorkerRole.DECODER, before.decoder(), 1, Workers.IDENTITY, true));
        assertThat(rig.actions()).isEmpty();
        rig.tell(new ClusterEvent.Broken(before.id(), before.attempt(), Cause.HANDED_OVER));
        assertThat(generate().decoder()).isNotEqualTo(before.decoder());
    }

    @Test
    void shouldQuarantineARequestThatKilledTwoWorkers() {
        ClusterAction.Generate first = streaming(1);
        rig.tell(new ClusterEvent.WorkerLost(first.decoder(), 1));
        ClusterAction.Generate second = generate();
        rig.tell(new ClusterEvent.Accepted(second.id(), second.attempt(), 0));
        rig.report(Workers.report(WorkerRole.DECODER, first.decoder(), 2));
        rig.tell(new ClusterEvent.WorkerLost(second.decoder(), 1));
        assertThat(rig.outcome()).isEqualTo(new RequestOutcome.Failed(Fault.KILLED_WORKERS, 1));
        RequestSpec again = rig.request("tenant", 0, rig.now + SECOND);
        RequestSpec same = new RequestSpec(
                again.id(),
                again.tenant(),
                0,
                again.deadlineNanos(),
                100,
                50,
                List.of(),
                again.prefixes(),
                new ContentDigest(first.id(), 0, 0, 0),
                again.models());
        rig.tell(new ClusterEvent.Submitted(same));
        assertThat(rig.outcome()).isEqualTo(new RequestOutcome.Refused(Refusal.QUARANTINED, 600 * SECOND));
    }

    @Test
    void shouldNotContinueAnAnswerWithOtherNumerics() {
        rig.tell(new ClusterEvent.WorkerLost("DECODER-2", 1));
        ClusterAction.Generate before = streaming(3);
        rig.report(Workers.report(WorkerRole.DECODER, "other", 1, "revision 2", false));
        rig.tell(new ClusterEvent.WorkerLost(before.decoder(), 1));
        assertThat(rig.outcome()).isEqualTo(new RequestOutcome.Failed(Fault.NUMERICS_GONE, 3));
    }

    @Test
    void shouldStartAnAnswerAnewWithOtherNumericsWhileThereAreNoTokens() {
        rig.tell(new ClusterEvent.WorkerLost("DECODER-2", 1));
        rig.submit();
        rig.report(Workers.report(WorkerRole.DECODER, "other", 1, "revision 2", false));
        rig.tell(new ClusterEvent.WorkerLost("DECODER-1", 1));
        assertThat(generate().decoder()).isEqualTo("other");
    }

    @Test
    void shouldWaitForTheOnlyDecoderWhileItIsSilent() {
        rig.tell(new ClusterEvent.WorkerLost("DECODER-2", 1));
        ClusterAction.Generate before = streaming(3);
        rig.now += 3 * SECOND;
        rig.tell();
        assertThat(rig.only(ClusterAction.Abandon.class).id()).isEqualTo(before.id());
        assertThat(rig.scheduler.load().waitingForDecoders()).isEqualTo(1);
        rig.report(Workers.report(WorkerRole.DECODER, "DECODER-1", 1));
        assertThat(generate().produced()).isEqualTo(3);
    }

    @Test
    void shouldKeepTheFairOrderOfWhatWaitsWhileAllDecodersAreSilent() {
        List<Long> running = fillDecoders();
        for (int i = 0; i < 20; i++) {
            rig.submit();
        }
        rig.now += 3 * SECOND;
        rig.tell();
        RequestSpec other = rig.request("other", 0, rig.now + 60 * SECOND);
        rig.tell(new ClusterEvent.Submitted(other));
        for (String decoder : List.of("DECODER-1", "DECODER-2")) {
            rig.report(Workers.report(WorkerRole.DECODER, decoder, 1));
        }
        for (int i = 0; i < 2; i++) {
            rig.tell(new ClusterEvent.Cancelled(running.get(i)));
            if (generate().id() == other.id()) {
                return;
            }
        }
        throw new AssertionError("a tenant without a request that runs waits behind those of one with many");
    }

    @Test
    void shouldSayAtOnceThatNoWorkerIsThere() {
        SchedulerRig empty = new SchedulerRig();
        empty.submit();
        assertThat(empty.outcome()).isEqualTo(new RequestOutcome.Failed(Fault.NO_WORKER, 0));
        empty.report(Workers.report(WorkerRole.DECODER, "decoder", 1));
        empty.submit();
        assertThat(empty.only(ClusterAction.Generate.class).decoder()).isEqualTo("decoder");
        empty.submit(image(1));
        assertThat(empty.outcome()).isEqualTo(new RequestOutcome.Failed(Fault.NO_WORKER, 0));
    }

    @Test
    void shouldEncodeElsewhereWhatAVisionNodeLost() {
        fillDecoders();
        rig.submit(image(1));
        ClusterAction.Encode first = rig.batch();
        rig.tell(new ClusterEvent.WorkerLost(first.worker(), 1));
        assertThat(rig.only(ClusterAction.DropBatch.class).batch()).isEqualTo(first.batch());
        rig.now += 20 * MILLI;
        rig.tell();
        ClusterAction.Encode second = rig.only(ClusterAction.Encode.class);
        assertThat(second.worker()).isNotEqualTo(first.worker());
        rig.tell(new ClusterEvent.ImageEncoded(first.batch(), image(1).featureKey()));
        assertThat(rig.scheduler.load().late()).isEqualTo(1);
    }

    @Test
    void shouldEncodeAgainWhatADecoderMisses() {
        rig.submit(image(1));
        ClusterAction.Generate generate = generate();
        rig.encoded(rig.batch());
        rig.tell(new ClusterEvent.ImageMissing(generate.id(), generate.attempt(), image(1).featureKey(), false));
        rig.encoded(rig.batch());
        ClusterAction.Resupply resupply = rig.only(ClusterAction.Resupply.class);
        assertThat(resupply.source().featureKey()).isEqualTo(image(1).featureKey());
        rig.tell(new ClusterEvent.ImageMissing(generate.id(), generate.attempt(), image(1).featureKey(), false));
        assertThat(rig.scheduler.load().flights()).as("after a pause").isZero();
        rig.pass(100 * MILLI);
        rig.encoded(rig.batch());
        rig.tell(new ClusterEvent.ImageMissing(generate.id(), generate.attempt(), image(1).featureKey(), false));
        assertThat(rig.outcome()).isEqualTo(new RequestOutcome.Failed(Fault.IMAGE_LOST, 0));
    }

    @Test
    void shouldEndAtTheDeadlineAndStopTheDecoder() {
        RequestSpec spec = rig.request("tenant", 0, SECOND);
        rig.tell(new ClusterEvent.Submitted(spec));
        ClusterAction.Generate generate = generate();
        rig.pass(SECOND);
        assertThat(rig.outcome()).isEqualTo(new RequestOutcome.Expired());
        assertThat(rig.only(ClusterAction.Abandon.class))
                .isEqualTo(new ClusterAction.Abandon(spec.id(), generate.attempt(), false));
    }

    @Test
    void shouldRefuseARequestThatWouldBeTooLateWithTheTimeAfterWhichItWouldNot() {
        List<Long> running = fillDecoders();
        long started = 0;
        for (int i = 0; i < 200; i++) {
            rig.submit();
        }
        for (int i = 0; i < 60; i++) {
            rig.pass(100 * MILLI);
            long id = running.removeFirst();
            rig.tell(new ClusterEvent.Cancelled(id));
            running.add(generate().id());
            started++;
        }
        assertThat(started).isEqualTo(60);
        RequestSpec late = rig.request("tenant", 0, rig.now + SECOND);
        rig.tell(new ClusterEvent.Submitted(late));
        assertThat(rig.outcome()).isInstanceOfSatisfying(RequestOutcome.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Refusal.TOO_LATE);
            // 140 requests wait, one starts each 100 ms.
            assertThat(refused.retryNanos()).isBetween(10 * SECOND, 15 * SECOND);
        });
    }

    /** Both decoders generate so fast, and answers have so many tokens; one request is there. */
    private void learn(double tokensPerSecond, int answerTokens, long readNanos) {
        for (int number = 1; number <= 2; number++) {
            rig.report(Workers.measured(WorkerRole.DECODER + "-" + number, 1_000, tokensPerSecond));
        }
        for (int i = 0; i < 10; i++) {
            ClusterAction.Generate generate = streaming(1);
            rig.now += readNanos;
            rig.tell(
                    new ClusterEvent.Produced(generate.id(), generate.attempt(), answerTokens - 1),
                    new ClusterEvent.Completed(generate.id(), generate.attempt()));
        }
        streaming(1);
    }

    private void submit(long nanosToDeadline, int maxTokens) {
        rig.tell(new ClusterEvent.Submitted(rig.request("tenant", 0, rig.now + nanosToDeadline, maxTokens)));
    }

    @Test
    void shouldTakeARequestThatMayHaveManyTokensAndMostlyHasFew() {
        learn(100, 50, 0);
        submit(SECOND, 4_000);
        generate();
    }

    @Test
    void shouldRefuseARequestWhoseAnswerWouldMostlyNotBeWhole() {
        learn(100, 50, 0);
        submit(400 * MILLI, 4_000);
        assertThat(rig.outcome()).isInstanceOfSatisfying(RequestOutcome.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Refusal.TOO_LATE);
            assertThat(refused.retryNanos()).isBetween(90 * MILLI, 200 * MILLI);
        });
        submit(400 * MILLI, 10);
        generate();
    }

    @Test
    void shouldNotTakeAClientThatReadsSlowlyForASlowDecoder() {
        learn(100, 50, 100 * MILLI);
        submit(SECOND, 50);
        generate();
    }

    @Test
    void shouldRefuseNothingForARateThatNoDecoderHasMeasured() {
        learn(0, 50, 0);
        submit(MILLI, 4_000);
        generate();
    }

    @Test
    void shouldRefuseWhatItsQueueDoesNotHold() {
        fillDecoders();
        for (int i = 0; i < ClusterLimits.DEFAULT.maxWaiting(); i++) {
            rig.submit();
            assertThat(rig.actions()).isEmpty();
        }
        RequestSpec more = rig.submit();
        ClusterAction.End end = rig.only(ClusterAction.End.class);
        assertThat(end.id()).isEqualTo(more.id());
        assertThat(((RequestOutcome.Refused) end.outcome()).reason()).isEqualTo(Refusal.QUEUE_FULL);
    }

    @Test
    void shouldGiveNoPlaceOfRequestsToFurtherChoices() {
        fillDecoders();
        int most = ClusterLimits.DEFAULT.maxWaiting();
        for (int i = 0; i < most; i++) {
            rig.tell(new ClusterEvent.Submitted(
                    rig.request("tenant", -101, rig.now + 60 * SECOND).asFurther()));
        }
        assertThat(rig.scheduler.load().waitingForDecoders()).isEqualTo(most);
        assertThat(rig.scheduler.load().requestsWaiting()).isZero();
        long request = rig.submit().id();
        assertThat(rig.only(ClusterAction.End.class).id())
                .as("the last of the choices gives way")
                .isEqualTo(request - 1);
        assertThat(rig.scheduler.load().requestsWaiting()).isEqualTo(1);
        assertThat(rig.scheduler.load().furtherWaiting()).isEqualTo(most - 1);
    }

    @Test
    void shouldRunTheChoicesOfARequestBesideAsManyRequestsAsMayRun() {
        SchedulerRig few = new SchedulerRig(SchedulerRig.running(1)).withWorkers();
        few.submit();
        few.only(ClusterAction.Generate.class);
        few.submit();
        few.tell(new ClusterEvent.Submitted(
                few.request("tenant", 0, few.now + 60 * SECOND).asFurther()));
        few.only(ClusterAction.Generate.class);
        assertThat(few.scheduler.load().generating()).isEqualTo(2);
        assertThat(few.scheduler.load().requestsWaiting()).isEqualTo(1);
    }

    @Test
    void shouldGiveUpARequestThatWorkersFailAgainAndAgain() {
        rig.submit();
        for (int i = 1; i < ClusterLimits.DEFAULT.maxFailures(); i++) {
            ClusterAction.Generate generate = generate();
            rig.tell(new ClusterEvent.Broken(generate.id(), generate.attempt(), Cause.FAILED));
            if (rig.all(ClusterAction.Generate.class).isEmpty()) {
                rig.pass(SECOND); // before the first decoder is called again
            }
        }
        ClusterAction.Generate last = generate();
        rig.tell(new ClusterEvent.Broken(last.id(), last.attempt(), Cause.FAILED));
        assertThat(rig.outcome()).isEqualTo(new RequestOutcome.Failed(Fault.RETRIES_SPENT, 0));
    }

    /** Two broken connections to decoders that both have begun the request. */
    private ClusterAction.Generate brokenTwice() {
        ClusterAction.Generate first = streaming(1);
        rig.tell(new ClusterEvent.Broken(first.id(), first.attempt(), Cause.LOST));
        ClusterAction.Generate second = generate();
        rig.tell(
                new ClusterEvent.Accepted(second.id(), second.attempt(), 0),
                new ClusterEvent.Broken(second.id(), second.attempt(), Cause.LOST));
        assertThat(rig.actions()).as("it is not known yet whether they died").isEmpty();
        return second;
    }

    @Test
    void shouldNotTakeBrokenConnectionsForDeaths() {
        brokenTwice();
        rig.pass(SECOND);
        assertThat(generate().attempt()).isEqualTo(3);
    }

    @Test
    void shouldQuarantineARequestOnceTheDeathsUnderItAreKnown() {
        brokenTwice();
        rig.tell(new ClusterEvent.WorkerLost("DECODER-1", 1));
        assertThat(rig.actions()).isEmpty();
        rig.tell(new ClusterEvent.WorkerLost("DECODER-2", 1));
        assertThat(rig.outcome()).isEqualTo(new RequestOutcome.Failed(Fault.KILLED_WORKERS, 1));
    }

    @Test
    void shouldClearARequestOfDeathsByALongAttempt() {
        ClusterAction.Generate first = streaming(1);
        rig.tell(new ClusterEvent.WorkerLost(first.decoder(), 1));
        ClusterAction.Generate second = generate();
        rig.tell(new ClusterEvent.Accepted(second.id(), second.attempt(), 0));
        for (int i = 0; i < 10; i++) {
            rig.pass(SECOND);
        }
        rig.tell(new ClusterEvent.WorkerLost(second.decoder(), 1));
        rig.pass(SECOND);
        assertThat(generate().attempt()).isEqualTo(3);
    }

    @Test
    void shouldPauseBeforeTheOnlyDecoderIsCalledAgain() {
        rig.tell(new ClusterEvent.WorkerLost("DECODER-2", 1));
        ClusterAction.Generate first = streaming(2);
        rig.tell(new ClusterEvent.Broken(first.id(), first.attempt(), Cause.TURNED_AWAY));
        assertThat(rig.actions()).isEmpty();
        rig.now += 99 * MILLI;
        rig.report(Workers.report(WorkerRole.DECODER, "DECODER-1", 1));
        assertThat(rig.actions()).isEmpty();
        rig.now += MILLI;
        rig.tell();
        assertThat(generate().produced()).isEqualTo(2);
    }

    @Test
    void shouldNotHoldOthersUpBehindARequestThatPauses() {
        rig.tell(new ClusterEvent.WorkerLost("DECODER-2", 1));
        ClusterAction.Generate first = streaming(2);
        rig.tell(new ClusterEvent.Broken(first.id(), first.attempt(), Cause.FAILED));
        RequestSpec other = rig.submit();
        assertThat(generate().id()).isEqualTo(other.id());
    }

    @Test
    void shouldShedARequestThatAllDecodersAreTooFullFor() {
        rig.submit();
        ClusterAction.Generate first = generate();
        rig.tell(new ClusterEvent.Broken(first.id(), first.attempt(), Cause.FULL));
        ClusterAction.Generate second = generate();
        assertThat(second.decoder()).isNotEqualTo(first.decoder());
        rig.tell(new ClusterEvent.Broken(second.id(), second.attempt(), Cause.FULL));
        assertThat(rig.outcome()).isEqualTo(new RequestOutcome.Failed(Fault.RETRIES_SPENT, 0));
    }

    @Test
    void shouldMoveTheStreamsOfAWorkerThatIsReportedSilent() {
        ClusterAction.Generate before = streaming(7);
        rig.tell(new ClusterEvent.WorkerSilent(before.decoder(), 1));
        assertThat(rig.only(ClusterAction.Abandon.class))
                .isEqualTo(new ClusterAction.Abandon(before.id(), before.attempt(), true));
        assertThat(generate().decoder()).isNotEqualTo(before.decoder());
    }

    /** A request with an image at a decoder that has no embeddings yet. */
    private ClusterAction.Generate waitingForEmbeddings() {
        rig.submit(image(1));
        ClusterAction.Generate generate = generate();
        rig.encoded(rig.batch());
        return generate;
    }

    private static ClusterAction.Source only(ClusterAction.Generate generate) {
        assertThat(generate.sources()).hasSize(1);
        return generate.sources().getFirst();
    }

    @Test
    void shouldNameAnotherProjectorWithoutAnotherEncodeWhereOneIsNotReached() {
        ClusterAction.Generate generate = waitingForEmbeddings();
        var missing = new ClusterEvent.ImageMissing(generate.id(), generate.attempt(), image(1).featureKey(), true);
        rig.tell(missing);
        ClusterAction.Source other = rig.only(ClusterAction.Resupply.class).source();
        assertThat(other.projector()).isNotEqualTo(only(generate).projector());
        assertThat(other.vision()).isNotEmpty();
        assertThat(rig.scheduler.load().flights()).isZero();
        rig.tell(missing);
        assertThat(rig.scheduler.load().flights()).as("none is left").isEqualTo(1);
    }

    @Test
    void shouldNameAnotherProjectorWhereOneIsSilent() {
        ClusterAction.Generate generate = waitingForEmbeddings();
        String projector = only(generate).projector();
        rig.tell(new ClusterEvent.WorkerSilent(projector, 1));
        assertThat(rig.only(ClusterAction.Resupply.class).source().projector()).isNotEqualTo(projector);
    }

    @Test
    void shouldNotAskToBeCalledAtOnceWhileAMissedImageWaitsForAProjector() {
        ClusterAction.Generate generate = waitingForEmbeddings();
        rig.tell(
                new ClusterEvent.WorkerSilent(WorkerRole.PROJECTOR + "-1", 1),
                new ClusterEvent.WorkerSilent(WorkerRole.PROJECTOR + "-2", 1),
                new ClusterEvent.ImageMissing(generate.id(), generate.attempt(), image(1).featureKey(), false));
        assertThat(rig.scheduler.step(rig.now, List.of()).waitNanos()).isPositive();
        rig.pass(MILLI);
        assertThat(rig.scheduler.load().flights()).as("a projector is back").isEqualTo(1);
    }

    @Test
    void shouldEncodeElsewhereWhatMayBePulledFromASilentVisionNode() {
        ClusterAction.Generate generate = waitingForEmbeddings();
        String vision = only(generate).vision();
        rig.tell(new ClusterEvent.WorkerSilent(vision, 1));
        rig.now += 20 * MILLI;
        rig.tell();
        ClusterAction.Encode again = rig.only(ClusterAction.Encode.class);
        assertThat(again.worker()).isNotEqualTo(vision);
        rig.encoded(again);
        assertThat(rig.only(ClusterAction.Resupply.class).source().vision()).isEqualTo(again.worker());
    }

    @Test
    void shouldPauseBeforeTheOnlyVisionNodeIsCalledAgain() {
        fillDecoders();
        rig.submit(image(1));
        ClusterAction.Encode first = rig.batch();
        String other = first.worker().equals("VISION-1") ? "VISION-2" : "VISION-1";
        rig.tell(new ClusterEvent.WorkerLost(other, 1), new ClusterEvent.BatchEnded(first.batch(), true));
        rig.now += 99 * MILLI;
        rig.tell();
        assertThat(rig.actions()).isEmpty();
        rig.now += MILLI;
        rig.tell();
        rig.now += 20 * MILLI;
        rig.tell();
        assertThat(rig.only(ClusterAction.Encode.class).worker()).isEqualTo(first.worker());
    }

    @Test
    void shouldWaitForAnotherDecoderOfAKindWithinItsGrace() {
        for (boolean comes : new boolean[] {true, false}) {
            SchedulerRig graceful = new SchedulerRig(withGrace(5 * SECOND)).withWorkers();
            graceful.tell(new ClusterEvent.WorkerLost("DECODER-2", 1));
            graceful.submit();
            graceful.tell(new ClusterEvent.WorkerLost("DECODER-1", 1));
            assertThat(graceful.only(ClusterAction.Abandon.class)).isNotNull();
            graceful.now += 5 * SECOND - 1;
            if (comes) {
                graceful.report(Workers.report(WorkerRole.DECODER, "DECODER-1", 2));
                assertThat(graceful.only(ClusterAction.Generate.class).epoch()).isEqualTo(2);
            } else {
                graceful.tell();
                assertThat(graceful.actions()).isEmpty();
                graceful.now++;
                graceful.tell();
                assertThat(graceful.outcome()).isEqualTo(new RequestOutcome.Failed(Fault.NO_WORKER, 0));
            }
        }
    }

    private static ClusterLimits withGrace(long nanos) {
        HealthRules rules = HealthRules.DEFAULT;
        return SchedulerRig.unlimitedPrompts(new HealthRules(
                60 * SECOND,
                nanos,
                rules.firstPenaltyNanos(),
                rules.longestPenaltyNanos(),
                rules.forgetNanos(),
                rules.freeReturns(),
                rules.failureShare()));
    }

    @Test
    void shouldSendEqualPromptsWhereTheirPrefixIs() {
        var prefixes = new PromptPrefixes(16, new long[] {1, 2, 3, 4, 5, 6});
        List<String> decoders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RequestSpec plain = rig.request("tenant", 0, 60 * SECOND);
            rig.tell(new ClusterEvent.Submitted(new RequestSpec(
                    plain.id(),
                    "tenant",
                    0,
                    60 * SECOND,
                    100,
                    50,
                    List.of(),
                    prefixes,
                    plain.digest(),
                    plain.models())));
            ClusterAction.Generate generate = generate();
            decoders.add(generate.decoder());
            rig.tell(
                    new ClusterEvent.Accepted(generate.id(), 1, i == 0 ? 0 : 96),
                    new ClusterEvent.Produced(generate.id(), 1, 1));
        }
        assertThat(decoders).containsOnly(decoders.getFirst());
    }
}
