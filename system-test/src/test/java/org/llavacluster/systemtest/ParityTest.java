package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.TokenLogprob;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.FirstLogits;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.RunningCluster;
import org.llavacluster.systemtest.harness.ServedCase;

/** Four processes against Hugging Face transformers, token for token, one request at a time and many at once. */
class ParityTest {

    private static final int AT_ONCE = 8;

    static Stream<Arguments> fixturesOnEachEngine() {
        return Stream.of(
                        "llava-1.5-tiny",
                        "llava-1.5-tiny-bf16-sharded",
                        "llava-1.6-tiny",
                        "variants/feature-full",
                        "variants/feature-layers-list",
                        "variants/head-dim",
                        "variants/rope-linear",
                        "variants/rope-llama3",
                        "variants/rope-yarn",
                        "variants/tied-embeddings")
                .flatMap(fixture -> Stream.of("simd", "tensorflow").map(engine -> Arguments.of(fixture, engine)));
    }

    @ParameterizedTest
    @MethodSource("fixturesOnEachEngine")
    void shouldAnswerLikeTheReference(String fixture, String engine) throws Exception {
        List<ServedCase> cases = ServedCase.of(fixture);
        try (RunningCluster cluster = RunningCluster.up(
                Launcher.fixture(fixture), "--engine", engine, "--preprocess", "reference", "--kv", "f32")) {
            ChatClient client = cluster.client();
            for (ServedCase golden : cases) {
                assertAnswer(golden, client.chat(request(golden)));
                assertFirstStep(golden, client);
            }
            shouldAnswerTheSameAtOnce(cases, client);
            assertStepsWereShared(cluster);
            assertTensorsTookTheirWay(cluster, cases);
        }
    }

    private static ChatRequest request(ServedCase golden) throws IOException {
        return ChatClient.raw(
                        golden.prompt(),
                        golden.greedyIds().size(),
                        golden.images().toArray(java.nio.file.Path[]::new))
                .build();
    }

    private static void assertAnswer(ServedCase golden, ChatClient.Answer answer) {
        assertThat(answer.started().getPromptIdsList()).as("%s prompt", golden).isEqualTo(golden.inputIds());
        assertThat(answer.tokenIds()).as("%s ids", golden).isEqualTo(golden.answerIds());
        if (!golden.text().isEmpty()) {
            assertThat(answer.text()).as("%s text", golden).isEqualTo(golden.text());
        }
        boolean ended = golden.answerIds().size() < golden.greedyIds().size();
        assertThat(answer.finished().getReason())
                .as("%s reason", golden)
                .isEqualTo(ended ? Finished.Reason.REASON_STOP : Finished.Reason.REASON_LENGTH);
        assertThat(answer.finished().getUsage().getPromptTokens())
                .as("%s usage", golden)
                .isEqualTo(golden.inputIds().size());
    }

    /** The twenty most likely first tokens and their log probabilities. */
    private static void assertFirstStep(ServedCase golden, ChatClient client) throws IOException {
        FirstLogits reference = FirstLogits.of(golden);
        ChatClient.Answer answer = client.chat(
                request(golden).toBuilder().setMaxTokens(1).setTopLogprobs(20).build());
        if (golden.answerIds().isEmpty()) {
            return;
        }
        List<TokenLogprob> top = answer.logprobs().getFirst().getTopList();
        assertThat(top).hasSize(20);
        for (TokenLogprob token : top) {
            assertThat((double) token.getLogprob())
                    .as("%s logprob of %s", golden, token.getTokenId())
                    .isCloseTo(reference.logprob(token.getTokenId()), within(1e-3));
        }
        assertThat(top.stream().map(TokenLogprob::getTokenId).toList())
                .as("%s top 20", golden)
                .containsExactlyInAnyOrderElementsOf(reference.top(20));
    }

    private static void shouldAnswerTheSameAtOnce(List<ServedCase> cases, ChatClient client) throws Exception {
        List<Callable<Void>> calls = new ArrayList<>();
        for (int i = 0; i < Math.max(AT_ONCE, cases.size()); i++) {
            ServedCase golden = cases.get(i % cases.size());
            calls.add(() -> {
                assertAnswer(golden, client.chat(request(golden)));
                return null;
            });
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<Void> call : executor.invokeAll(calls)) {
                call.get();
            }
        }
    }

    private static void assertStepsWereShared(RunningCluster cluster) throws Exception {
        double steps = cluster.metric("decoder-0", "llava_decoder_step_sequences_count", "");
        double sequences = cluster.metric("decoder-0", "llava_decoder_step_sequences_sum", "");
        assertThat(sequences).as("sequences over all steps, of %s steps", steps).isGreaterThan(steps);
    }

    private static void assertTensorsTookTheirWay(RunningCluster cluster, List<ServedCase> cases) throws Exception {
        long pictures = cases.stream()
                .flatMap(golden -> golden.images().stream())
                .distinct()
                .count();
        assertThat(stageCalls(cluster, "vision-0", "encode")).isGreaterThanOrEqualTo(pictures);
        assertThat(stageCalls(cluster, "vision-0", "pull_features")).isGreaterThanOrEqualTo(pictures);
        assertThat(stageCalls(cluster, "projector-0", "project")).isGreaterThanOrEqualTo(pictures);
        assertThat(stageCalls(cluster, "projector-0", "pull_embeddings")).isGreaterThanOrEqualTo(pictures);
        assertThat(stageCalls(cluster, "decoder-0", "prefill")).isGreaterThanOrEqualTo(cases.size());
    }

    private static double stageCalls(RunningCluster cluster, String service, String stage) throws Exception {
        return cluster.metric(service, "llava_stage_calls_total", "stage=\"" + stage + "\"");
    }
}
