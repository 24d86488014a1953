package org.llavacluster.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.proto.cluster.v1.DescribeRequest;
import org.llavacluster.proto.cluster.v1.Description;

/**
 * Unreadable messages are the caller's fault, cost no log and affect no other call.
 *
 * <p>Holds the limits {@code FixedLimits.PUBLIC_MESSAGE_BYTES_BESIDES_IMAGE} and {@code
 * FixedLimits.CLUSTER_MESSAGE_BYTES}.
 */
@Timeout(120)
class MalformedMessageTest {

    /** Largest message of the rig's server. */
    private static final int MAX_MESSAGE_BYTES = 4 << 20;

    private static final MethodDescriptor.Marshaller<byte[]> RAW = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private final List<LogRecord> logged = new CopyOnWriteArrayList<>();
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                logged.add(entry);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private EchoRig rig;

    @BeforeEach
    void start() {
        Logger.getLogger("").addHandler(recorder);
        rig = new EchoRig((_, observer) -> {
            observer.onNext(Description.getDefaultInstance());
            observer.onCompleted();
        });
    }

    @AfterEach
    void stop() {
        rig.close();
        Logger.getLogger("").removeHandler(recorder);
    }

    @Test
    void shouldRefuseBytesThatAreNoMessage() {
        List<byte[]> malformed = List.of(
                bytes(0x0a, 0x05, 'a'),
                bytes(0x0f),
                bytes(0x07),
                bytes(0x0c),
                bytes(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff));
        for (byte[] message : malformed) {
            assertThat(code(CallOptions.DEFAULT, message))
                    .as("%s", HexFormat.of().formatHex(message))
                    .isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
        assertServes();
        assertThat(logged).isEmpty();
    }

    /** Every call ends with OK or as the caller's fault, whatever it sends. */
    @Test
    void shouldEndEveryCallWithOkOrAsTheCallersFault() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] message = new byte[random.nextInt(64)];
            random.nextBytes(message);
            Status status = status(MethodDescriptor.MethodType.SERVER_STREAMING, CallOptions.DEFAULT, message)
                    .status();
            assertThat(status.getCode())
                    .as("seed %d, message %d", seed, i)
                    .isIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT);
        }
        assertThat(logged).isEmpty();
    }

    @Test
    void shouldRefuseTwoMessagesAndNoneWhereOneIsTaken() {
        byte[] message = new byte[0];
        assertThat(failure(MethodDescriptor.MethodType.CLIENT_STREAMING, CallOptions.DEFAULT))
                .isEqualTo(new Failure.Invalid("message", "the method takes one message, but none arrived"));
        assertThat(failure(MethodDescriptor.MethodType.CLIENT_STREAMING, CallOptions.DEFAULT, message, message))
                .isEqualTo(new Failure.Invalid("message", "the method takes one message, but more arrived"));
        assertServes();
    }

    @Test
    void shouldRefuseWhatIsNoGzipAndGzipThatBreaksOff() {
        CallOptions gzip = CallOptions.DEFAULT.withCompression("gzip");
        byte[] whole = gzipped(validMessage(1000));
        assertThat(status(MethodDescriptor.MethodType.SERVER_STREAMING, gzip, validMessage(1000))
                        .status()
                        .getCode())
                .isEqualTo(Status.Code.OK);
        for (byte[] body : List.of(bytes(1, 2, 3), java.util.Arrays.copyOf(whole, whole.length / 2), new byte[0])) {
            try (RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
                int stream = peer.open("/test.Echo/Call", "grpc-encoding", "gzip");
                peer.message(stream, true, body);
                assertThat(peer.status(stream)).isEqualTo(Status.Code.INVALID_ARGUMENT);
            }
        }
        assertServes();
        assertThat(logged).isEmpty();
    }

    @Test
    void shouldTakeMessagesUpToTheLimitAndRefuseLargerOnes() {
        for (CallOptions options : List.of(CallOptions.DEFAULT, CallOptions.DEFAULT.withCompression("gzip"))) {
            assertThat(code(options, validMessage(MAX_MESSAGE_BYTES - 1))).isEqualTo(Status.Code.OK);
            assertThat(code(options, validMessage(MAX_MESSAGE_BYTES))).isEqualTo(Status.Code.OK);
            assertThat(code(options, validMessage(MAX_MESSAGE_BYTES + 1))).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        }
        assertServes();
        assertThat(logged.size()).as("log lines").isLessThanOrEqualTo(1);
        assertThat(logged).allMatch(entry -> entry.getThrown() == null);
    }

    private Status.Code code(CallOptions options, byte[] message) {
        return status(MethodDescriptor.MethodType.SERVER_STREAMING, options, message)
                .status()
                .getCode();
    }

    private void assertServes() {
        assertThat(rig.failureOf(DescribeRequest.getDefaultInstance())).isEmpty();
    }

    /** A message of that many bytes with a field that the method does not know. */
    private static byte[] validMessage(int size) {
        ByteString.Output message = ByteString.newOutput(size);
        CodedOutputStream out = CodedOutputStream.newInstance(message);
        int content = size;
        while (CodedOutputStream.computeByteArraySize(100, new byte[content]) > size) {
            content--;
        }
        try {
            out.writeByteArray(100, new byte[content]);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(message.size()).isEqualTo(size);
        return message.toByteString().toByteArray();
    }

    private static byte[] gzipped(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (java.util.zip.GZIPOutputStream gzip = new java.util.zip.GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private record Ended(Status status, Metadata trailers) {}

    private Failure failure(MethodDescriptor.MethodType type, CallOptions options, byte[]... messages) {
        Ended ended = status(type, options, messages);
        return GrpcFailures.of(ended.status(), ended.trailers());
    }

    private Ended status(MethodDescriptor.MethodType type, CallOptions options, byte[]... messages) {
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(type)
                .setFullMethodName("test.Echo/Call")
                .setRequestMarshaller(RAW)
                .setResponseMarshaller(RAW)
                .build();
        ManagedChannel channel = rig.channel;
        ClientCall<byte[], byte[]> call = channel.newCall(method, options);
        CompletableFuture<Ended> ended = new CompletableFuture<>();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(new Ended(status, trailers));
                    }
                },
                new Metadata());
        call.request(2);
        call.setMessageCompression(true);
        for (byte[] message : messages) {
            call.sendMessage(message);
        }
        call.halfClose();
        return ended.join();
    }
}
