package org.llavacluster.cli.client;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.llavacluster.cli.CliException;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.ListModelsRequest;
import org.llavacluster.proto.v1.ListModelsResponse;
import org.llavacluster.proto.v1.LlavaGrpc;
import org.llavacluster.proto.v1.PutImageRequest;
import org.llavacluster.proto.v1.PutImageResponse;

/**
 * The gateway's public gRPC API for one caller. Every failure is a {@link CliException} with the address and the cause.
 */
public final class GatewayClient implements AutoCloseable {

    private static final int CHUNK_BYTES = 1 << 20;
    private static final long PATIENCE_SECONDS = 10;

    /** Far above a delta with many alternatives per token. */
    private static final int MAX_EVENT_BYTES = 16 << 20;

    private final String address;
    private final ManagedChannel channel;

    /**
     * Connects with the first call.
     *
     * @param address {@code HOST:PORT}
     */
    public GatewayClient(String address) {
        this.address = address;
        this.channel = NettyChannelBuilder.forTarget(target(address))
                .usePlaintext()
                .maxInboundMessageSize(MAX_EVENT_BYTES)
                .build();
    }

    /** A URI of that address, in which the brackets of an IPv6 address are escaped. */
    private static String target(String address) {
        try {
            return new URI("dns", "", "/" + address, null).toString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(address, e);
        }
    }

    /** The served models. */
    ListModelsResponse models(long timeoutSeconds) throws StatusException {
        return LlavaGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS)
                .listModels(ListModelsRequest.getDefaultInstance());
    }

    /** The name of the model that the gateway serves. */
    public String modelName() {
        try {
            return models(PATIENCE_SECONDS).getModels(0).getName();
        } catch (StatusException e) {
            throw failed(e);
        }
    }

    /** Runs a request and passes on its events as they arrive. */
    public void chat(ChatRequest request, Consumer<ChatEvent> events) {
        start(request).forEach(events);
    }

    /** Sends a request whose answer can be ended early. */
    public AnswerCall start(ChatRequest request) {
        return new AnswerCall(address, LlavaGrpc.newBlockingV2Stub(channel).chat(request));
    }

    /** As {@link #start(ChatRequest)}; an answer that is not complete by then ends with {@code DEADLINE_EXCEEDED}. */
    public AnswerCall start(ChatRequest request, Duration deadline) {
        return new AnswerCall(
                address,
                LlavaGrpc.newBlockingV2Stub(channel)
                        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
                        .chat(request));
    }

    /** Stores the image at the gateway for a while and returns its reference. */
    public PutImageResponse put(Path image) {
        try (InputStream file = Files.newInputStream(image)) {
            return put(file, Files.size(image));
        } catch (IOException e) {
            throw new CliException(image + ": " + FileReasons.of(e), e);
        } catch (StatusException e) {
            throw new CliException(image + ": " + failed(e).getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }

    /** As {@link #put(Path)} for a file in memory; returns the id that it has at the gateway. */
    public ByteString put(ByteString image) {
        try {
            return put(image.newInput(), image.size()).getId();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        } catch (StatusException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }

    private PutImageResponse put(InputStream file, long bytes)
            throws IOException, InterruptedException, StatusException {
        BlockingClientCall<PutImageRequest, PutImageResponse> call =
                ClientCalls.blockingClientStreamingCall(channel, LlavaGrpc.getPutImageMethod(), CallOptions.DEFAULT);
        boolean open =
                call.write(PutImageRequest.newBuilder().setTotalBytes(bytes).build());
        for (byte[] chunk = file.readNBytes(CHUNK_BYTES);
                open && chunk.length > 0;
                chunk = file.readNBytes(CHUNK_BYTES)) {
            open = call.write(PutImageRequest.newBuilder()
                    .setData(ByteString.copyFrom(chunk))
                    .build());
        }
        call.halfClose();
        PutImageResponse stored = call.read();
        if (stored == null) {
            throw new CliException(address + ": the gateway ended the upload without an answer");
        }
        return stored;
    }

    private CliException failed(StatusException e) {
        return GatewayFailures.of(address, e.getStatus(), e);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            channel.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
