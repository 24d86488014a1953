package org.llavacluster.cli.evaluation;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.llavacluster.cli.client.AnswerCollector;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.client.UserMessage;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.Image;

/**
 * A question of an evaluation, answered greedily.
 *
 * @param image id of an image that the gateway stores
 */
record GatewayQuestion(Optional<ByteString> image, String text, int mostTokens) {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** The whole answer of a gateway. */
    String ask(GatewayClient gateway) {
        List<Image> images =
                image.stream().map(id -> Image.newBuilder().setId(id).build()).toList();
        ChatRequest request = ChatRequest.newBuilder()
                .setMaxTokens(mostTokens)
                .setConversation(Conversation.newBuilder().addMessages(UserMessage.of(images, text)))
                .build();
        AnswerCollector answer = new AnswerCollector();
        gateway.start(request, PATIENCE).forEach(answer::add);
        return answer.text();
    }
}
