package org.llavacluster.gateway.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.llavacluster.gateway.request.ChatDraft;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.CountTokensRequest;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.Message;
import org.llavacluster.proto.v1.Part;
import org.llavacluster.proto.v1.RawPrompt;
import org.llavacluster.proto.v1.Sampling;

/**
 * Converts requests of the gRPC API to drafts. Refuses only what a draft cannot express: an unset choice, an unknown
 * role.
 */
final class GrpcDrafts {

    private GrpcDrafts() {}

    static ChatDraft draft(ChatRequest request) {
        return new ChatDraft(
                request.getModel(),
                switch (request.getInputCase()) {
                    case CONVERSATION -> conversation(request.getConversation());
                    case RAW -> raw(request.getRaw());
                    case INPUT_NOT_SET -> throw missing("input", "conversation or raw");
                },
                sampling(request.getSampling()),
                new ChatDraft.Ending(
                        whole(request.hasMaxTokens(), request.getMaxTokens()),
                        request.getStopList(),
                        request.getStopTokenIdsList().stream()
                                .map(Integer::longValue)
                                .toList(),
                        request.getIgnoreEos(),
                        whole(request.hasMinTokens(), request.getMinTokens())),
                whole(request.hasTopLogprobs(), request.getTopLogprobs()),
                whole(request.hasN(), request.getN()),
                whole(request.hasPriority(), request.getPriority()));
    }

    static ChatDraft.Input input(CountTokensRequest request) {
        return switch (request.getInputCase()) {
            case CONVERSATION -> conversation(request.getConversation());
            case RAW -> raw(request.getRaw());
            case INPUT_NOT_SET -> throw missing("input", "conversation or raw");
        };
    }

    private static ChatDraft.Conversation conversation(Conversation conversation) {
        List<ChatDraft.Message> messages = new ArrayList<>();
        for (int i = 0; i < conversation.getMessagesCount(); i++) {
            messages.add(message("messages[" + i + "]", conversation.getMessages(i)));
        }
        return new ChatDraft.Conversation(messages);
    }

    private static ChatDraft.Message message(String field, Message message) {
        List<ChatDraft.Part> parts = new ArrayList<>();
        for (int i = 0; i < message.getPartsCount(); i++) {
            String partField = field + ".parts[" + i + "]";
            Part part = message.getParts(i);
            parts.add(
                    switch (part.getPartCase()) {
                        case TEXT -> new ChatDraft.Text(part.getText());
                        case IMAGE -> imageOf(partField + ".image", part.getImage());
                        case PART_NOT_SET -> throw missing(partField, "text or image");
                    });
        }
        return new ChatDraft.Message(role(field + ".role", message), parts);
    }

    private static ChatDraft.Role role(String field, Message message) {
        return switch (message.getRole()) {
            case ROLE_SYSTEM -> ChatDraft.Role.SYSTEM;
            case ROLE_USER -> ChatDraft.Role.USER;
            case ROLE_ASSISTANT -> ChatDraft.Role.ASSISTANT;
            case ROLE_UNSPECIFIED, UNRECOGNIZED ->
                throw refuse(
                        field,
                        "must be ROLE_SYSTEM (1), ROLE_USER (2) or ROLE_ASSISTANT (3), given "
                                + message.getRoleValue());
        };
    }

    private static ChatDraft.Raw raw(RawPrompt raw) {
        List<ChatDraft.Image> images = new ArrayList<>();
        for (int i = 0; i < raw.getImagesCount(); i++) {
            images.add(imageOf("raw.images[" + i + "]", raw.getImages(i)));
        }
        return new ChatDraft.Raw(raw.getText(), images);
    }

    private static ChatDraft.Image imageOf(String field, Image image) {
        return new ChatDraft.Image(
                field,
                switch (image.getSourceCase()) {
                    case DATA -> new ChatDraft.Inline(image.getData());
                    case ID -> new ChatDraft.Stored(image.getId());
                    case SOURCE_NOT_SET -> throw missing(field, "data or id");
                });
    }

    private static ChatDraft.Sampling sampling(Sampling sampling) {
        return new ChatDraft.Sampling(
                number(sampling.hasTemperature(), sampling.getTemperature()),
                number(sampling.hasTopP(), sampling.getTopP()),
                whole(sampling.hasTopK(), sampling.getTopK()),
                number(sampling.hasMinP(), sampling.getMinP()),
                number(sampling.hasRepetitionPenalty(), sampling.getRepetitionPenalty()),
                number(sampling.hasPresencePenalty(), sampling.getPresencePenalty()),
                number(sampling.hasFrequencyPenalty(), sampling.getFrequencyPenalty()),
                logitBias(sampling),
                sampling.hasSeed() ? Optional.of(sampling.getSeed()) : Optional.empty());
    }

    private static Map<Long, Double> logitBias(Sampling sampling) {
        Map<Long, Double> biases = new HashMap<>();
        sampling.getLogitBiasMap().forEach((id, bias) -> biases.put(Integer.toUnsignedLong(id), (double) bias));
        return biases;
    }

    private static OptionalLong whole(boolean present, int value) {
        return present ? OptionalLong.of(value) : OptionalLong.empty();
    }

    private static OptionalDouble number(boolean present, float value) {
        return present ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    private static FailureException missing(String field, String choices) {
        return refuse(field, "must hold " + choices + ", given neither");
    }

    private static FailureException refuse(String field, String what) {
        return new FailureException(new Failure.Invalid(field, field + " " + what));
    }
}
