package org.llavacluster.systemtest.harness;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.LlavaGrpc;

/** A chat in progress whose client decides how much it reads. */
public final class PendingChat extends ClientCall.Listener<ChatEvent> {

    private final ClientCall<ChatRequest, ChatEvent> call;
    private final LinkedBlockingQueue<ChatEvent> unread = new LinkedBlockingQueue<>();
    private final List<ChatEvent> read = new ArrayList<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    private PendingChat(ClientCall<ChatRequest, ChatEvent> call) {
        this.call = call;
    }

    /** Sends the request and requests that many events. */
    public static PendingChat start(ManagedChannel channel, ChatRequest request, CallOptions options, int events) {
        PendingChat chat = new PendingChat(channel.newCall(LlavaGrpc.getChatMethod(), options));
        chat.call.start(chat, new Metadata());
        chat.call.request(events);
        chat.call.sendMessage(request);
        chat.call.halfClose();
        return chat;
    }

    public static PendingChat reading(ManagedChannel channel, ChatRequest request) {
        return start(channel, request, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS), Integer.MAX_VALUE);
    }

    public void request(int events) {
        call.request(events);
    }

    public void cancel() {
        call.cancel("the test has seen enough", null);
    }

    /** Waits for the next event that carries token ids. */
    public ChatEvent awaitTokens(Duration patience) throws InterruptedException {
        while (true) {
            ChatEvent event = unread.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                throw new AssertionError("no tokens within " + patience + "; ended: " + end.getNow(null));
            }
            read.add(event);
            if (event.getDelta().getTokenIdsCount() > 0) {
                return event;
            }
        }
    }

    /** Waits for the end of the call. */
    public Status awaitEnd(Duration patience) throws InterruptedException, ExecutionException {
        try {
            return end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the call did not end within " + patience, e);
        }
    }

    public boolean hasEnded() {
        return end.isDone();
    }

    /** All received events, after the call has ended with OK. */
    public ChatClient.Answer answer() {
        unread.drainTo(read);
        return ChatClient.collect(read.iterator());
    }

    @Override
    public void onMessage(ChatEvent event) {
        unread.add(event);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        end.complete(status);
    }
}
