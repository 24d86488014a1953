package org.llavacluster.systemtest.clients;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.Message;
import org.llavacluster.proto.v1.Part;
import org.llavacluster.proto.v1.Sampling;

/** The same call over gRPC: what is expected where the fixtures have no answer of the reference. */
final class GrpcReference {

    private GrpcReference() {}

    /** @throws IllegalArgumentException for a parameter that no scenario compares */
    static ChatRequest request(ClientCall call) {
        Conversation.Builder conversation = Conversation.newBuilder();
        call.messages().forEach(turn -> conversation.addMessages(message(turn)));
        ChatRequest.Builder request = ChatRequest.newBuilder().setConversation(conversation);
        Sampling.Builder sampling = request.getSamplingBuilder();
        call.parameters().forEach((name, value) -> {
            switch (name) {
                case "max_tokens" -> request.setMaxTokens(number(value).intValue());
                case "temperature" -> sampling.setTemperature(number(value).floatValue());
                case "seed" -> sampling.setSeed(number(value).longValue());
                case "presence_penalty" ->
                    sampling.setPresencePenalty(number(value).floatValue());
                case "frequency_penalty" ->
                    sampling.setFrequencyPenalty(number(value).floatValue());
                case "logit_bias" ->
                    ((Map<?, ?>) value)
                            .forEach((id, bias) -> sampling.putLogitBias(
                                    Integer.parseInt(id.toString()),
                                    number(bias).floatValue()));
                default -> throw new IllegalArgumentException(name);
            }
        });
        return request.build();
    }

    private static Number number(Object value) {
        return (Number) value;
    }

    private static Message message(ClientCall.Turn turn) {
        Message.Builder message = Message.newBuilder()
                .setRole(
                        switch (turn.role()) {
                            case "system" -> Message.Role.ROLE_SYSTEM;
                            case "user" -> Message.Role.ROLE_USER;
                            case "assistant" -> Message.Role.ROLE_ASSISTANT;
                            default -> throw new IllegalArgumentException(turn.role());
                        });
        turn.images()
                .forEach(file -> message.addParts(
                        Part.newBuilder().setImage(Image.newBuilder().setData(bytes(file)))));
        return message.addParts(Part.newBuilder().setText(turn.text())).build();
    }

    private static ByteString bytes(String file) {
        try {
            return ByteString.copyFrom(Files.readAllBytes(Path.of(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
