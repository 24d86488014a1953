package org.llavacluster.cli.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.Locale;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Message;
import org.llavacluster.proto.v1.Part;
import org.llavacluster.proto.v1.Sampling;

/** A conversation as the body of {@code POST /v1/chat/completions}: the images, texts and settings that a soak uses. */
final class OpenAiBody {

    private static final ObjectMapper JSON = new ObjectMapper();

    private OpenAiBody() {}

    static String of(ChatRequest chat, boolean stream) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode messages = body.putArray("messages");
        chat.getConversation().getMessagesList().forEach(message -> add(messages.addObject(), message));
        body.put("max_tokens", chat.getMaxTokens()).put("stream", stream);
        add(body, chat.getSampling());
        if (chat.hasTopLogprobs()) {
            body.put("logprobs", true).put("top_logprobs", chat.getTopLogprobs());
        }
        return body.toString();
    }

    private static void add(ObjectNode json, Message message) {
        json.put("role", message.getRole().name().replace("ROLE_", "").toLowerCase(Locale.ROOT));
        ArrayNode content = json.putArray("content");
        for (Part part : message.getPartsList()) {
            if (part.hasImage()) {
                String file = Base64.getEncoder()
                        .encodeToString(part.getImage().getData().toByteArray());
                content.addObject()
                        .put("type", "image_url")
                        .putObject("image_url")
                        .put("url", "data:;base64," + file);
            } else {
                content.addObject().put("type", "text").put("text", part.getText());
            }
        }
    }

    /** OpenAI's API draws where nothing is said; gRPC is greedy there. */
    private static void add(ObjectNode body, Sampling sampling) {
        body.put("temperature", sampling.hasTemperature() ? decimal(sampling.getTemperature()) : 0);
        if (sampling.hasTopP()) {
            body.put("top_p", decimal(sampling.getTopP()));
        }
        if (sampling.hasSeed()) {
            body.put("seed", sampling.getSeed());
        }
    }

    /** The shortest number that becomes the same float again. */
    private static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
