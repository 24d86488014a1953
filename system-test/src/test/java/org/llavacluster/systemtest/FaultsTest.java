package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Sampling;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.PendingChat;
import org.llavacluster.systemtest.harness.RunningCluster;
import org.llavacluster.systemtest.harness.SystemProcess;

/** Two workers of each role, several streams, and a signal to one of the workers while they run: no stream shows it. */
@Timeout(600)
class FaultsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TOKENS = 400;

    private static RunningCluster cluster;
    private static List<ChatRequest> requests;
    private static List<ChatClient.Answer> whole;

    @BeforeAll
    static void start() throws IOException {
        cluster =
                RunningCluster.up(Launcher.fixture("llava-1.5-tiny"), "--visions=2", "--projectors=2", "--decoders=2");
        requests = List.of(
                text("What is red?").build(),
                text("What is blue?").setSampling(sampled(7)).build(),
                text("What is green?")
                        .setSampling(sampled(8))
                        .setTopLogprobs(2)
                        .addStop("never said")
                        .build(),
                image("scene.png").build(),
                image("portrait.png").setSampling(sampled(9)).build(),
                image("landscape.png").setSampling(sampled(10)).build());
        whole = requests.stream().map(cluster.client()::chat).toList();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static ChatRequest.Builder text(String question) throws IOException {
        return ChatClient.raw("USER: " + question + " ASSISTANT:", TOKENS).setIgnoreEos(true);
    }

    private static ChatRequest.Builder image(String name) throws IOException {
        return ChatClient.raw(
                        "USER: <image>\nWhat is shown in this image? ASSISTANT:",
                        TOKENS,
                        Launcher.fixture("images/" + name))
                .setIgnoreEos(true);
    }

    private static Sampling sampled(long seed) {
        return Sampling.newBuilder().setSeed(seed).setTemperature(1).build();
    }

    @ParameterizedTest
    @CsvSource({
        "decoder, KILL, 1",
        "decoder, KILL, 2",
        "decoder, STOP, 3",
        "decoder, TERM, 4",
        "projector, KILL, 5",
        "projector, STOP, 6",
        "vision, KILL, 7",
        "vision, TERM, 8"
    })
    void shouldAnswerAsIfNothingHadHappened(String role, String signal, long seed) throws Exception {
        Random random = new Random(seed);
        String victim = role + "-" + random.nextInt(2);
        long pid = cluster.service(victim).pid();
        ManagedChannel gateway = cluster.channel("gateway-0");
        List<PendingChat> chats = new ArrayList<>();
        for (ChatRequest request : requests) {
            chats.add(PendingChat.reading(gateway, request));
        }
        int events = random.nextInt(40);
        for (int i = 0; role.equals("decoder") && i <= events; i++) {
            chats.get(i % 3).awaitTokens(PATIENCE);
        }

        SystemProcess.signal(pid, signal);

        for (int i = 0; i < chats.size(); i++) {
            String what = victim + " " + signal + ", seed " + seed + ", request " + i;
            assertThat(chats.get(i).awaitEnd(PATIENCE)).as(what).isEqualTo(Status.OK);
            ChatClient.Answer answer = chats.get(i).answer();
            assertThat(answer.tokenIds()).as(what).isEqualTo(whole.get(i).tokenIds());
            assertThat(answer.text()).as(what).isEqualTo(whole.get(i).text());
            assertThat(answer.logprobs()).as(what).isEqualTo(whole.get(i).logprobs());
        }
        if (signal.equals("STOP")) {
            SystemProcess.signal(pid, "CONT");
        } else {
            cluster.awaitAnother(victim, pid);
        }
    }
}
