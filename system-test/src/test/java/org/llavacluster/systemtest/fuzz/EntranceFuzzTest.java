package org.llavacluster.systemtest.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.llavacluster.fuzz.ByteMutator;
import org.llavacluster.fuzz.FuzzBounds;
import org.llavacluster.fuzz.FuzzRun;
import org.llavacluster.fuzz.JsonMutator;
import org.llavacluster.fuzz.TextMutator;

/**
 * Sends changed requests to the ports of real processes. Each is answered or refused with a documented status, and the
 * processes continue to serve.
 */
@Tag("fuzz")
class EntranceFuzzTest {

    /** How a call may end. {@code UNKNOWN} and {@code INTERNAL} would be faults of the server. */
    private static final Set<Status.Code> DOCUMENTED = EnumSet.of(
            Status.Code.OK,
            Status.Code.INVALID_ARGUMENT,
            Status.Code.FAILED_PRECONDITION,
            Status.Code.NOT_FOUND,
            Status.Code.OUT_OF_RANGE,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.UNAVAILABLE);

    private static final int LARGEST = 1 << 20;
    private static final int FIXED_INPUTS = 100;

    /** Inputs between two checks that the log has no fault and that a valid request is answered. */
    private static final int CHECK_EVERY = 20;

    private static HealthyCluster cluster;
    private static FuzzedHttp http;
    private int sent;

    @BeforeAll
    static void start() throws IOException {
        cluster = HealthyCluster.start();
        http = cluster.http();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void shouldAnswerOrRefuseAnyProtobuf() throws IOException {
        List<FuzzedCall> calls = FuzzedCalls.all();
        ByteMutator bytes = new ByteMutator(
                calls.stream()
                        .flatMap(call -> call.requests().stream())
                        .flatMap(List::stream)
                        .map(Message::toByteArray)
                        .filter(message -> message.length > 0)
                        .toList(),
                List.of("<image>", "vision-0", "\u0000"),
                LARGEST);
        new FuzzRun("protobuf", FIXED_INPUTS, FuzzBounds.NONE)
                .check(
                        random -> {
                            int which = random.nextInt(calls.size());
                            byte[] messages = calls.get(which).changed(random, bytes);
                            return ByteBuffer.allocate(1 + messages.length)
                                    .put((byte) which)
                                    .put(messages)
                                    .array();
                        },
                        input -> call(calls, input));
    }

    /** @param input the number of a method, then its messages */
    private void call(List<FuzzedCall> calls, byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        FuzzedCall call = calls.get(Math.floorMod(input[0], calls.size()));
        Status.Code code = call.send(cluster.channel(call.service()), ByteBuffer.wrap(input, 1, input.length - 1));
        assertThat(code).as(call.method()).isIn(DOCUMENTED);
        checkHealth();
    }

    @Test
    void shouldAnswerOrRefuseAnyBody() {
        JsonMutator json = new JsonMutator(FuzzedHttp.BODIES, FuzzedHttp.NAMES);
        TextMutator text = new TextMutator(FuzzedHttp.BODIES, FuzzedHttp.NAMES, LARGEST);
        ByteMutator bytes = bytes(FuzzedHttp.BODIES, StandardCharsets.UTF_8, FuzzedHttp.NAMES);
        new FuzzRun("json", FIXED_INPUTS, FuzzBounds.NONE)
                .check(
                        random -> switch (random.nextInt(5)) {
                            case 0 -> text.next(random);
                            case 1 -> bytes.next(random);
                            default -> json.next(random);
                        },
                        input -> {
                            http.post(input);
                            checkHealth();
                        });
    }

    @Test
    void shouldAnswerOrCloseAfterAnyHead() {
        TextMutator text = new TextMutator(FuzzedHttp.HEADS, FuzzedHttp.HEAD_WORDS, LARGEST);
        ByteMutator bytes = bytes(FuzzedHttp.HEADS, StandardCharsets.ISO_8859_1, FuzzedHttp.HEAD_WORDS);
        new FuzzRun("http", FIXED_INPUTS, FuzzBounds.NONE).check(random -> head(random, text, bytes), input -> {
            http.send(input);
            checkHealth();
        });
    }

    private static ByteMutator bytes(List<String> texts, Charset charset, List<String> words) {
        return new ByteMutator(
                texts.stream().map(text -> text.getBytes(charset)).toList(), words, LARGEST);
    }

    private static byte[] head(Random random, TextMutator text, ByteMutator bytes) {
        return random.nextBoolean() ? text.next(random) : bytes.next(random);
    }

    private void checkHealth() throws Exception {
        if (++sent % CHECK_EVERY == 0) {
            http.assertServes();
            cluster.assertNothingLogged();
        }
    }
}
