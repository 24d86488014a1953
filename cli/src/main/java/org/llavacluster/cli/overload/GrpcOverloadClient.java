package org.llavacluster.cli.overload;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.LlavaGrpc;
import org.llavacluster.proto.v1.Message;
import org.llavacluster.proto.v1.Part;

/** Requests over gRPC, by turns on several connections, because a connection carries a limited number of calls. */
final class GrpcOverloadClient implements OverloadClient {

    private static final int CONNECTIONS = 16;

    private final EventLoopGroup threads = new NioEventLoopGroup(1, new DefaultThreadFactory("overload-grpc", true));
    private final List<ManagedChannel> channels;
    private final ChatRequest request;
    private final Duration patience;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * @param address the gateway's {@code HOST:PORT}
     * @param patience a request that has not ended by then has failed
     */
    GrpcOverloadClient(String address, int tokens, Duration patience) {
        this.patience = patience;
        this.request = ChatRequest.newBuilder()
                .setMaxTokens(tokens)
                .setConversation(Conversation.newBuilder()
                        .addMessages(Message.newBuilder()
                                .setRole(Message.Role.ROLE_USER)
                                .addParts(Part.newBuilder().setText(OverloadBench.QUESTION))))
                .build();
        this.channels =
                Stream.generate(() -> connection(address)).limit(CONNECTIONS).toList();
    }

    private ManagedChannel connection(String address) {
        return NettyChannelBuilder.forTarget("dns:///" + address)
                .usePlaintext()
                .eventLoopGroup(threads)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .build();
    }

    @Override
    public CompletableFuture<RequestEnd> send() {
        ManagedChannel channel = channels.get(Math.floorMod(turn.getAndIncrement(), CONNECTIONS));
        CompletableFuture<RequestEnd> ended = new CompletableFuture<>();
        LlavaGrpc.newStub(channel)
                .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                .chat(request, new StreamObserver<>() {
                    private boolean finished;

                    @Override
                    public void onNext(ChatEvent event) {
                        finished |= event.hasFinished();
                    }

                    @Override
                    public void onError(Throwable error) {
                        ended.complete(end(Status.fromThrowable(error)));
                    }

                    @Override
                    public void onCompleted() {
                        ended.complete(
                                finished
                                        ? new RequestEnd.Answered()
                                        : new RequestEnd.Failed("gRPC: a stream without its end"));
                    }
                });
        return ended;
    }

    private static RequestEnd end(Status status) {
        return switch (status.getCode()) {
            case RESOURCE_EXHAUSTED, UNAVAILABLE -> new RequestEnd.Refused();
            default -> new RequestEnd.Failed("gRPC: " + status.getCode());
        };
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        var unused = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
