package org.llavacluster.cli.client;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.llavacluster.cli.CliException;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.LlavaGrpc;
import org.llavacluster.proto.v1.PutImageRequest;
import org.llavacluster.proto.v1.PutImageResponse;

/** The gateway's public gRPC API, as one caller uses it. */
public final class GatewayClient implements AutoCloseable {

    private static final int CHUNK_BYTES = 1 << 20;

    /** A delta with many alternatives per token is far below this. */
    private static final int MAX_EVENT_BYTES = 16 << 20;

    private final ManagedChannel channel;

    /**
     * @param target {@code HOST:PORT}
     */
    public GatewayClient(String target) {
        this.channel = NettyChannelBuilder.forTarget(target)
                .usePlaintext()
                .maxInboundMessageSize(MAX_EVENT_BYTES)
                .build();
    }

    /** Runs a request and hands on its events as they come. */
    public void chat(ChatRequest request, Consumer<ChatEvent> events) {
        try {
            Iterator<ChatEvent> answer = LlavaGrpc.newBlockingStub(channel).chat(request);
            answer.forEachRemaining(events);
        } catch (StatusRuntimeException e) {
            throw failed(e.getStatus(), e);
        }
    }

    /** Stores the picture at the gateway for a while and returns its id. */
    public ByteString put(Path image) {
        try (InputStream file = Files.newInputStream(image)) {
            BlockingClientCall<PutImageRequest, PutImageResponse> call = ClientCalls.blockingClientStreamingCall(
                    channel, LlavaGrpc.getPutImageMethod(), CallOptions.DEFAULT);
            call.write(PutImageRequest.newBuilder()
                    .setTotalBytes(Files.size(image))
                    .build());
            for (byte[] chunk = file.readNBytes(CHUNK_BYTES); chunk.length > 0; chunk = file.readNBytes(CHUNK_BYTES)) {
                if (!call.write(PutImageRequest.newBuilder()
                        .setData(ByteString.copyFrom(chunk))
                        .build())) {
                    break;
                }
            }
            call.halfClose();
            PutImageResponse stored = call.read();
            if (stored == null) {
                throw new CliException(image + ": the gateway ended the upload without an answer");
            }
            return stored.getId();
        } catch (NoSuchFileException e) {
            throw new CliException(image + ": there is no such file", e);
        } catch (IOException e) {
            throw new CliException(image + ": cannot be read: " + e.getMessage(), e);
        } catch (StatusException e) {
            throw new CliException(
                    image + ": " + e.getStatus().getCode() + ": "
                            + e.getStatus().getDescription(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }

    private static CliException failed(io.grpc.Status status, Exception cause) {
        return new CliException(status.getCode() + ": " + status.getDescription(), cause);
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
