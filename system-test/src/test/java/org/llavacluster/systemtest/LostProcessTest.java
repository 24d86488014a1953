package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.NodeStates;
import org.llavacluster.systemtest.harness.PendingChat;
import org.llavacluster.systemtest.harness.RunningCluster;
import org.llavacluster.systemtest.harness.SystemProcess;

/**
 * What a caller sees when a process is killed during its request. Most tests share a cluster, whose launcher starts the
 * process again; each asks about an image of its own, so that no cache spares it the lost worker.
 */
class LostProcessTest {

    /** Half of the calls' deadline: an end before it is not due to the deadline. */
    private static final Duration BOUND = Duration.ofSeconds(30);

    private static final AtomicInteger IMAGES = new AtomicInteger();

    private static RunningCluster cluster;

    @TempDir
    private Path folder;

    private Path image;
    private final Map<String, Long> killed = new HashMap<>();

    @BeforeAll
    static void start() throws IOException {
        cluster = startedCluster();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void makeAnImage() throws IOException {
        int number = IMAGES.incrementAndGet();
        BufferedImage pixels = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        pixels.setRGB(number, 0, 0xffffff);
        image = folder.resolve("image.png");
        ImageIO.write(pixels, "png", image.toFile());
    }

    @AfterEach
    void awaitTheWholeCluster() throws Exception {
        for (Map.Entry<String, Long> process : killed.entrySet()) {
            cluster.awaitAnother(process.getKey(), process.getValue());
        }
        cluster.awaitAnswer(shortAnswer());
    }

    private void kill(String id) throws Exception {
        killed.put(id, cluster.service(id).pid());
        cluster.signal(id, "KILL");
    }

    /** The only decoder: the request waits until it has been started again. */
    @Test
    void shouldGoOnWithTheAnswerWhenTheDecoderDiesAfterTokens() throws Exception {
        ChatClient.Answer whole = cluster.client().chat(longAnswer());
        PendingChat chat = PendingChat.reading(cluster.channel("gateway-0"), longAnswer());
        chat.awaitTokens(BOUND);

        kill("decoder-0");

        assertThat(chat.awaitEnd(Duration.ofSeconds(60))).isEqualTo(Status.OK);
        ChatClient.Answer answer = chat.answer();
        assertThat(answer.tokenIds()).isEqualTo(whole.tokenIds());
        assertThat(answer.text()).isEqualTo(whole.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"vision-0", "projector-0", "decoder-0", "gateway-0"})
    void shouldStartAProcessAgainThatDied(String id) throws Exception {
        String gateway = cluster.service("gateway-0").grpc();

        kill(id);

        cluster.awaitAnother(id, killed.get(id));
        assertThat(cluster.service("gateway-0").grpc()).isEqualTo(gateway);
        cluster.awaitAnswer(shortAnswer());
    }

    /** Killed as soon as it is ready, so that the policy gives up however long a start takes on this machine. */
    @ParameterizedTest
    @CsvSource({"vision-0, /vision-service/target/", "gateway-0, /gateway/target/"})
    @Timeout(600)
    void shouldEndTheClusterWhenAProcessDiesAgainAndAgain(String id, String program) throws Exception {
        try (RunningCluster own = startedCluster()) {
            do {
                own.launcher()
                        .children()
                        .filter(child -> child.info().commandLine().orElse("").contains(program))
                        .forEach(ProcessHandle::destroyForcibly);
            } while (!own.launcher().waitFor(20, TimeUnit.MILLISECONDS));

            assertThat(own.launcher().exitValue()).isEqualTo(1);
            assertThat(own.awaitSaid())
                    .last()
                    .asString()
                    .contains(id)
                    .containsPattern("ended \\d+ times (within 60 s|in a row before it served)");
            for (RunningCluster.Service service : own.services().values()) {
                assertThat(SystemProcess.runs(service.pid())).as("%s", service).isFalse();
            }
        }
    }

    /** The process is stopped first, so that the call certainly waits for it when it dies. */
    @ParameterizedTest
    @ValueSource(strings = {"vision-0", "projector-0"})
    void shouldAnswerWhenAWorkerThatItWaitsForDiesAndIsStartedAgain(String worker) throws Exception {
        ManagedChannel gateway = cluster.channel("gateway-0");
        NodeStates decoder = NodeStates.of(cluster.channel("decoder-0"));
        cluster.signal(worker, "STOP");
        PendingChat chat = PendingChat.reading(gateway, longAnswer());
        decoder.await("the request is at the decoder", BOUND, s -> s.getRunning() + s.getWaiting() > 0);

        kill(worker);

        assertThat(chat.awaitEnd(Duration.ofSeconds(60))).isEqualTo(Status.OK);
        assertThat(chat.answer().tokenIds())
                .isEqualTo(cluster.client().chat(longAnswer()).tokenIds());
        decoder.await("the decoder has freed the request", BOUND, s -> s.getRunning() + s.getWaiting() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vision-0", "projector-0"})
    void shouldAnswerOrSayUnavailableWhenAWorkerIsNotThere(String worker) throws Exception {
        kill(worker);
        PendingChat chat = PendingChat.reading(cluster.channel("gateway-0"), longAnswer());

        // A gateway that knows of the loss refuses at once; otherwise the request waits for the new process.
        assertThat(chat.awaitEnd(BOUND).getCode()).isIn(Status.Code.OK, Status.Code.UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vision-0", "projector-0"})
    void shouldAnswerTextWhileAWorkerForImagesIsAway(String worker) throws Exception {
        // Stopped rather than killed, because the launcher would soon replace it.
        cluster.signal(worker, "STOP");

        try {
            cluster.awaitAnswer(
                    ChatClient.raw("USER: What is red? ASSISTANT:", 4).build());
        } finally {
            cluster.signal(worker, "CONT");
        }
    }

    private ChatRequest shortAnswer() throws IOException {
        return answer(4);
    }

    private ChatRequest longAnswer() throws IOException {
        return answer(1900);
    }

    private ChatRequest answer(int tokens) throws IOException {
        return ChatClient.raw("USER: <image>\nWhat is shown in this image? ASSISTANT:", tokens, image)
                .build();
    }

    private static RunningCluster startedCluster() throws IOException {
        return RunningCluster.up(Launcher.fixture("llava-1.5-tiny"));
    }
}
