package org.llavacluster.systemtest.fuzz;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.llavacluster.fuzz.ByteMutator;

/**
 * A method of one port. It is called with changed copies of its valid requests.
 *
 * @param service whose port it is
 * @param method full name
 * @param requests each a list of messages as a client sends them
 */
record FuzzedCall(String service, String method, List<List<Message>> requests) {

    /** Ends calls that wait for the embeddings of an image that no worker has. */
    private static final long DEADLINE_MILLIS = 500;

    /** A call that is still open after this time is taken for one that never ends. */
    private static final long LONGEST_SECONDS = 120;

    private static final int MOST_EVENTS = 3;

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
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

    /** Changed messages, each preceded by its length: changed in fields, in bytes, or in both. */
    byte[] changed(Random random, ByteMutator mutator) {
        List<byte[]> messages = new ArrayList<>();
        for (Message message : requests.get(random.nextInt(requests.size()))) {
            Message other = random.nextInt(3) == 0 ? message : MessageMutator.changed(random, message);
            byte[] bytes = other.toByteArray();
            messages.add(random.nextInt(3) == 0 ? mutator.changed(random, bytes) : bytes);
        }
        if (random.nextInt(8) == 0) {
            messages.add(messages.get(random.nextInt(messages.size())));
        }
        if (random.nextInt(8) == 0) {
            messages.remove(random.nextInt(messages.size()));
        }
        ByteBuffer joined = ByteBuffer.allocate(
                messages.stream().mapToInt(message -> 4 + message.length).sum());
        messages.forEach(message -> joined.putInt(message.length).put(message));
        return joined.array();
    }

    /** Calls the method with the messages of {@link #changed}; cancels after a few events. */
    Status.Code send(ManagedChannel channel, ByteBuffer messages) throws Exception {
        MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodType.BIDI_STREAMING)
                .setFullMethodName(method)
                .setRequestMarshaller(BYTES)
                .setResponseMarshaller(BYTES)
                .build();
        ClientCall<byte[], byte[]> call = channel.newCall(
                descriptor, CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS));
        CompletableFuture<Status.Code> ended = new CompletableFuture<>();
        call.start(new Listener(call, ended), new Metadata());
        call.request(1);
        while (messages.remaining() >= 4) {
            byte[] message = new byte[Math.clamp(messages.getInt(), 0, messages.remaining())];
            messages.get(message);
            call.sendMessage(message);
        }
        call.halfClose();
        return ended.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    }

    private static final class Listener extends ClientCall.Listener<byte[]> {

        private final ClientCall<byte[], byte[]> call;
        private final CompletableFuture<Status.Code> ended;
        private int events;

        Listener(ClientCall<byte[], byte[]> call, CompletableFuture<Status.Code> ended) {
            this.call = call;
            this.ended = ended;
        }

        @Override
        public void onMessage(byte[] message) {
            if (++events >= MOST_EVENTS) {
                ended.complete(Status.Code.OK);
                call.cancel("enough events", null);
            } else {
                call.request(1);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            ended.complete(status.getCode());
        }
    }
}
