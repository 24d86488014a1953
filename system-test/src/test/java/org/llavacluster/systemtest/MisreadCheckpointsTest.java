package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.RunningCluster;
import org.llavacluster.systemtest.harness.ServedCase;

/** Checkpoints that are easily misread, served by four processes: each answer is that of Hugging Face transformers. */
class MisreadCheckpointsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tall-strips",
                "add-bos-token-false",
                "add-bos-token-true-without-post-processor",
                "next-tied-text-config"
            })
    void shouldAnswerLikeTheReference(String name) throws Exception {
        Path folder = Launcher.root()
                .resolve("system-test/src/test/resources/checkpoints")
                .resolve(name);
        try (RunningCluster cluster = RunningCluster.up(
                folder.resolve("checkpoint"), "--engine=simd", "--preprocess=reference", "--kv=f32")) {
            ChatClient client = cluster.client();
            for (ServedCase golden : ServedCase.in(folder)) {
                ChatClient.Answer answer = client.chat(ChatClient.raw(
                                golden.prompt(),
                                golden.greedyIds().size(),
                                golden.images().toArray(Path[]::new))
                        .build());
                assertThat(answer.started().getPromptIdsList())
                        .as("%s prompt", golden)
                        .isEqualTo(golden.inputIds());
                assertThat(answer.tokenIds()).as("%s ids", golden).isEqualTo(golden.answerIds());
                assertThat(answer.text()).as("%s text", golden).isEqualTo(golden.text());
            }
        }
    }
}
