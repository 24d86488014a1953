package org.llavacluster.systemtest.harness;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.LlavaGrpc;
import org.llavacluster.proto.v1.RawPrompt;
import org.llavacluster.proto.v1.Started;
import org.llavacluster.proto.v1.TokenLogprobs;

/** The public gRPC API for tests. */
public final class ChatClient {

    private final ManagedChannel channel;

    public ChatClient(ManagedChannel channel) {
        this.channel = channel;
    }

    /** A whole answer. */
    public record Answer(
            Started started, List<Integer> tokenIds, List<TokenLogprobs> logprobs, String text, Finished finished) {}

    public LlavaGrpc.LlavaBlockingStub blocking() {
        return LlavaGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    public LlavaGrpc.LlavaStub async() {
        return LlavaGrpc.newStub(channel);
    }

    /** A raw prompt with these images, decoded greedily. */
    public static ChatRequest.Builder raw(String prompt, int maxTokens, Path... images) throws IOException {
        RawPrompt.Builder raw = RawPrompt.newBuilder().setText(prompt);
        for (Path image : images) {
            raw.addImages(Image.newBuilder().setData(ByteString.copyFrom(Files.readAllBytes(image))));
        }
        return ChatRequest.newBuilder().setRaw(raw).setMaxTokens(maxTokens);
    }

    public Answer chat(ChatRequest request) {
        return collect(blocking().chat(request));
    }

    public static Answer collect(Iterator<ChatEvent> events) {
        Started started = null;
        Finished finished = null;
        List<Integer> ids = new ArrayList<>();
        List<TokenLogprobs> logprobs = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (events.hasNext()) {
            ChatEvent event = events.next();
            if (finished != null) {
                throw new AssertionError("an event after Finished: " + event.getEventCase());
            }
            switch (event.getEventCase()) {
                case STARTED -> {
                    if (started != null) {
                        throw new AssertionError("Started twice");
                    }
                    started = event.getStarted();
                }
                case DELTA -> {
                    text.append(event.getDelta().getText());
                    ids.addAll(event.getDelta().getTokenIdsList());
                    logprobs.addAll(event.getDelta().getLogprobsList());
                }
                case FINISHED -> finished = event.getFinished();
                case CHOICE_FINISHED, EVENT_NOT_SET ->
                    throw new AssertionError("an event that belongs to no answer of one choice");
            }
        }
        if (started == null || finished == null) {
            throw new AssertionError("the stream ended without Started or Finished");
        }
        return new Answer(started, ids, logprobs, text.toString(), finished);
    }
}
