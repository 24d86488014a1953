package org.llavacluster.gateway.openai;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChoiceFinished;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.Started;
import org.llavacluster.proto.v1.TokenLogprob;
import org.llavacluster.proto.v1.TokenLogprobs;
import org.llavacluster.proto.v1.Usage;

/** Converts the events of one answer to OpenAI's objects: a chunk for each, or one completion for all. */
final class CompletionWriter {

    /** OpenAI's value for a token of probability 0, whose logarithm is infinite. */
    private static final float NO_PROBABILITY = -9999;

    private final CompletionRequest request;
    private final long created;

    private String id = "";
    private String model = "";

    /** By index; with whole answers only without streaming. */
    private final List<Choice> choices = new ArrayList<>();

    /** One of the answers. */
    private static final class Choice {
        final StringBuilder text = new StringBuilder();
        final List<Wire.TokenLogprob> logprobs = new ArrayList<>();
        Finished.Reason reason = Finished.Reason.REASON_UNSPECIFIED;
    }

    /**
     * @param created seconds since 1970
     */
    CompletionWriter(CompletionRequest request, long created) {
        this.request = request;
        this.created = created;
    }

    /** The chunks of one event of a stream; none for ids whose text is held back. */
    List<Object> chunks(ChatEvent event) {
        return switch (event.getEventCase()) {
            case STARTED -> {
                begin(event.getStarted());
                yield IntStream.range(0, choices.size())
                        .mapToObj(choice -> chunk(choice, new Wire.ChunkDelta("assistant", ""), null, null))
                        .toList();
            }
            case DELTA -> chunks(event.getDelta());
            case CHOICE_FINISHED ->
                List.of(last(
                        event.getChoiceFinished().getChoice(),
                        event.getChoiceFinished().getReason()));
            case FINISHED -> last(event.getFinished());
            case EVENT_NOT_SET -> List.of();
        };
    }

    private List<Object> chunks(Delta delta) {
        if (delta.getText().isEmpty() && delta.getLogprobsCount() == 0) {
            return List.of();
        }
        Wire.Logprobs told = wantsLogprobs() ? new Wire.Logprobs(logprobs(delta), null) : null;
        return List.of(chunk(delta.getChoice(), new Wire.ChunkDelta(null, delta.getText()), told, null));
    }

    private List<Object> last(Finished finished) {
        List<Object> chunks = new ArrayList<>(2);
        if (choices.size() == 1) {
            // With several choices, each has ended before.
            chunks.add(last(0, finished.getReason()));
        }
        if (request.includeUsage()) {
            chunks.add(
                    new Wire.Chunk(id, "chat.completion.chunk", created, model, List.of(), usage(finished.getUsage())));
        }
        return chunks;
    }

    private Object last(int choice, Finished.Reason reason) {
        return chunk(choice, new Wire.ChunkDelta(null, null), null, reason(reason));
    }

    private Object chunk(int choice, Wire.ChunkDelta delta, Wire.Logprobs told, String finishReason) {
        var one = List.of(new Wire.ChunkChoice(choice, delta, told, finishReason));
        return request.includeUsage()
                ? new Wire.ChunkBeforeUsage(id, "chat.completion.chunk", created, model, one, null)
                : new Wire.Chunk(id, "chat.completion.chunk", created, model, one, null);
    }

    /** Keeps an event for {@link #completion}. */
    void collect(ChatEvent event) {
        switch (event.getEventCase()) {
            case STARTED -> begin(event.getStarted());
            case DELTA -> {
                Choice choice = choices.get(event.getDelta().getChoice());
                choice.text.append(event.getDelta().getText());
                choice.logprobs.addAll(logprobs(event.getDelta()));
            }
            case CHOICE_FINISHED -> {
                ChoiceFinished finished = event.getChoiceFinished();
                choices.get(finished.getChoice()).reason = finished.getReason();
            }
            case FINISHED -> choices.getFirst().reason = event.getFinished().getReason();
            case EVENT_NOT_SET -> {}
        }
    }

    Wire.Completion completion(Finished finished) {
        return new Wire.Completion(
                id,
                "chat.completion",
                created,
                model,
                IntStream.range(0, choices.size()).mapToObj(this::whole).toList(),
                usage(finished.getUsage()));
    }

    private Wire.Choice whole(int index) {
        Choice choice = choices.get(index);
        Wire.Logprobs told = wantsLogprobs() ? new Wire.Logprobs(choice.logprobs, null) : null;
        Wire.Message message = new Wire.Message("assistant", choice.text.toString(), null);
        return new Wire.Choice(index, message, told, reason(choice.reason));
    }

    private void begin(Started started) {
        id = "chatcmpl-" + started.getRequestId();
        model = started.getModel();
        // Only now is their number known to be within its limit.
        for (long i = 0; i < request.draft().choices().orElse(1); i++) {
            choices.add(new Choice());
        }
    }

    private boolean wantsLogprobs() {
        return request.draft().topLogprobs().isPresent();
    }

    private static String reason(Finished.Reason reason) {
        return reason == Finished.Reason.REASON_LENGTH ? "length" : "stop";
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
