package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.RunningCluster;
import org.llavacluster.systemtest.harness.ServedCase;

/** Unusable AppCDS archives must not prevent a start. */
class ArchivedStartTest {

    private static final long SEED = 20261128;

    @TempDir
    private Path archives;

    @Test
    void shouldServeBesideArchivesThatAreCutOffOrOfOtherJarsOrNone() throws Exception {
        byte[] ofTheJdk = Files.readAllBytes(Path.of(System.getProperty("java.home"), "lib/server/classes.jsa"));
        byte[] noise = new byte[1 << 20];
        new Random(SEED).nextBytes(noise);
        put("vision-service", Arrays.copyOf(ofTheJdk, ofTheJdk.length / 2));
        put("projector-service", noise);
        put("decoder-service", new byte[0]);
        put("gateway", ofTheJdk);
        ServedCase golden = ServedCase.of("llava-1.5-tiny").getFirst();

        try (RunningCluster cluster =
                RunningCluster.upFrom(archives, Launcher.fixture("llava-1.5-tiny"), "--preprocess=reference")) {
            assertThat(cluster.client()
                            .chat(ChatClient.raw(
                                            golden.prompt(), 24, golden.images().getFirst())
                                    .build())
                            .tokenIds())
                    .as("noise of seed %d", SEED)
                    .isEqualTo(golden.answerIds());
            assertThat(cluster.said()).noneMatch(line -> line.contains(".jsa"));
        }
    }

    private void put(String program, byte[] bytes) throws IOException {
        Files.write(archives.resolve(program + ".jsa"), bytes);
    }
}
