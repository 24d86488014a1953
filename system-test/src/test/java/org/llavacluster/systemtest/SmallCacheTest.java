package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.RunningCluster;

/** A decoder whose KV cache holds far less than the context of 2048 tokens. */
class SmallCacheTest {

    private static final int CACHE_TOKENS = 64;
    private static final int TOO_MANY = Runtime.getRuntime().availableProcessors() + 1;

    @Test
    void shouldRefuseWhatTheWholeCacheCannotHoldAndServeTheRest() throws Exception {
        String words = "The quick brown fox jumps over the lazy dog. ".repeat(20);
        try (RunningCluster cluster = RunningCluster.up(
                Launcher.fixture("llava-1.5-tiny"),
                Map.of("LLAVA_KV_TOKENS", Integer.toString(CACHE_TOKENS)),
                "--threads=" + TOO_MANY)) {
            assertThatThrownBy(
                            () -> cluster.client().chat(ChatClient.raw(words, 1).build()))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT))
                    .hasMessageMatching(
                            ".*maximum context length is " + CACHE_TOKENS + " tokens; the prompt has \\d{3} "
                                    + "tokens, 0 of them of images, so the prompt is too long.*");
            assertThatThrownBy(() -> cluster.client()
                            .chat(ChatClient.raw("fox", CACHE_TOKENS).build()))
                    .hasMessageContaining(
                            "max_tokens must be less than the context of " + CACHE_TOKENS + " tokens, given 64");
            assertThat(cluster.client().chat(ChatClient.raw("fox", 8).build()).tokenIds())
                    .hasSize(8);
            assertThat(cluster.said())
                    .filteredOn(line -> line.contains("--threads is " + TOO_MANY + ", this machine has "))
                    .hasSize(1);
        }
    }
}
