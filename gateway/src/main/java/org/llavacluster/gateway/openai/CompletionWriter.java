package org.llavacluster.gateway.openai;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.Started;
import org.llavacluster.proto.v1.TokenLogprob;
import org.llavacluster.proto.v1.TokenLogprobs;
import org.llavacluster.proto.v1.Usage;

/** Turns the events of one answer into OpenAI's objects: a chunk for each, or one completion of all. */
final class CompletionWriter {

    /** What OpenAI says for a token of probability 0, which has no finite logarithm. */
    private static final float NO_PROBABILITY = -9999;

    private final CompletionRequest request;
    private final long created;

    private String id = "";
    private String model = "";

    /** Of the whole answer; only where it is not streamed. */
    private final StringBuilder text = new StringBuilder();

    private final List<Wire.TokenLogprob> logprobs = new ArrayList<>();

    /** @param created seconds since 1970 */
    CompletionWriter(CompletionRequest request, long created) {
        this.request = request;
        this.created = created;
    }

    /** The chunks of one event of a stream, none for ids whose text is held back. */
    List<Object> chunks(ChatEvent event) {
        return switch (event.getEventCase()) {
            case STARTED -> {
                begin(event.getStarted());
                yield List.of(chunk(new Wire.ChunkDelta("assistant", ""), null, null));
            }
            case DELTA -> chunks(event.getDelta());
            case FINISHED -> last(event.getFinished());
            case EVENT_NOT_SET -> List.of();
        };
    }

    private List<Object> chunks(Delta delta) {
        if (delta.getText().isEmpty() && delta.getLogprobsCount() == 0) {
            return List.of();
        }
        Wire.Logprobs told = wantsLogprobs() ? new Wire.Logprobs(logprobs(delta), null) : null;
        return List.of(chunk(new Wire.ChunkDelta(null, delta.getText()), told, null));
    }

    private List<Object> last(Finished finished) {
        Object end = chunk(new Wire.ChunkDelta(null, null), null, reason(finished));
        if (!request.includeUsage()) {
            return List.of(end);
        }
        return List.of(
                end,
                new Wire.Chunk(id, "chat.completion.chunk", created, model, List.of(), usage(finished.getUsage())));
    }

    private Object chunk(Wire.ChunkDelta delta, Wire.Logprobs told, String finishReason) {
        var choices = List.of(new Wire.ChunkChoice(0, delta, told, finishReason));
        return request.includeUsage()
                ? new Wire.ChunkBeforeUsage(id, "chat.completion.chunk", created, model, choices, null)
                : new Wire.Chunk(id, "chat.completion.chunk", created, model, choices, null);
    }

    /** Keeps an event for {@link #completion}. */
    void collect(ChatEvent event) {
        switch (event.getEventCase()) {
            case STARTED -> begin(event.getStarted());
            case DELTA -> {
                text.append(event.getDelta().getText());
                logprobs.addAll(logprobs(event.getDelta()));
            }
            case FINISHED, EVENT_NOT_SET -> {}
        }
    }

    Wire.Completion completion(Finished finished) {
        Wire.Logprobs told = wantsLogprobs() ? new Wire.Logprobs(logprobs, null) : null;
        Wire.Message message = new Wire.Message("assistant", text.toString(), null);
        return new Wire.Completion(
                id,
                "chat.completion",
                created,
                model,
                List.of(new Wire.Choice(0, message, told, reason(finished))),
                usage(finished.getUsage()));
    }

    private void begin(Started started) {
        id = "chatcmpl-" + started.getRequestId();
        model = started.getModel();
    }

    private boolean wantsLogprobs() {
        return request.draft().topLogprobs().isPresent();
    }

    private static String reason(Finished finished) {
        return finished.getReason() == Finished.Reason.REASON_LENGTH ? "length" : "stop";
    }

    private static Wire.Usage usage(Usage usage) {
        return new Wire.Usage(
                usage.getPromptTokens(),
                usage.getCompletionTokens(),
                usage.getPromptTokens() + usage.getCompletionTokens(),
                new Wire.PromptTokensDetails(usage.getCachedTokens(), usage.getImageTokens()));
    }

    private static List<Wire.TokenLogprob> logprobs(Delta delta) {
        List<Wire.TokenLogprob> told = new ArrayList<>();
        for (TokenLogprobs token : delta.getLogprobsList()) {
            TokenLogprob chosen = token.getChosen();
            told.add(new Wire.TokenLogprob(
                    chosen.getText(),
                    finite(chosen.getLogprob()),
                    bytes(chosen.getBytes()),
                    token.getTopList().stream()
                            .map(top ->
                                    new Wire.TopLogprob(top.getText(), finite(top.getLogprob()), bytes(top.getBytes())))
                            .toList()));
        }
        return told;
    }

    private static float finite(float logprob) {
        return Math.max(logprob, NO_PROBABILITY);
    }

    private static List<Integer> bytes(ByteString bytes) {
        return IntStream.range(0, bytes.size())
                .mapToObj(i -> Byte.toUnsignedInt(bytes.byteAt(i)))
                .toList();
    }
}
