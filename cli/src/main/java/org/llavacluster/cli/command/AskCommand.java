package org.llavacluster.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.client.Answer;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.options.GenerationOptions;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.Message;
import org.llavacluster.proto.v1.Part;
import org.llavacluster.proto.v1.RawPrompt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks one question about any number of pictures. */
@Command(
        name = "ask",
        description = "Answer one question, about the given pictures if any.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class AskCommand implements Callable<Integer> {

    @Parameters(paramLabel = "QUESTION", description = "The question, or with --raw the whole prompt.")
    private String question;

    @Option(names = "--image", paramLabel = "FILE", description = "A picture; may be given several times.")
    private List<Path> images = new ArrayList<>();

    @Option(names = "--raw", description = "The text is the whole prompt, <image> tags included.")
    private boolean raw;

    @Option(names = "--json", description = "Print one JSON object with ids, text, usage and timings.")
    private boolean json;

    @Mixin
    private GenerationOptions generation;

    @Mixin
    private GatewayAccess gateway;

    @Override
    public Integer call() throws JsonProcessingException {
        for (Path image : images) {
            if (!Files.isReadable(image)) {
                throw new CliException(image + ": there is no such file, or it cannot be read");
            }
        }
        Answer answer = new Answer();
        try (GatewayAccess.Connection connection = gateway.connect()) {
            connection.client().chat(request(connection.client()), event -> {
                answer.add(event);
                if (!json) {
                    System.out.print(event.getDelta().getText());
                    System.out.flush();
                }
            });
            System.out.println(json ? new ObjectMapper().writeValueAsString(answer.toJson()) : "");
        }
        return 0;
    }

    private ChatRequest request(GatewayClient client) {
        List<Image> stored = images.stream()
                .map(file -> Image.newBuilder().setId(client.put(file).getId()).build())
                .toList();
        ChatRequest.Builder request = ChatRequest.newBuilder();
        generation.applyTo(request);
        if (raw) {
            request.setRaw(RawPrompt.newBuilder().setText(question).addAllImages(stored));
        } else {
            request.setConversation(Conversation.newBuilder().addMessages(userMessage(stored, question)));
        }
        return request.build();
    }

    static Message userMessage(List<Image> images, String text) {
        Message.Builder message = Message.newBuilder().setRole(Message.Role.ROLE_USER);
        images.forEach(image -> message.addParts(Part.newBuilder().setImage(image)));
        return message.addParts(Part.newBuilder().setText(text)).build();
    }
}
