package org.llavacluster.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.client.AnswerCollector;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.client.UserMessage;
import org.llavacluster.cli.options.GenerationOptions;
import org.llavacluster.cli.terminal.AnswerOutput;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.RawPrompt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks one question about any number of images. */
@Command(
        name = "ask",
        description = "Answer one question, about the given images if any.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class AskCommand implements Callable<Integer> {

    @Mixin
    private Question question;

    @Option(names = "--image", paramLabel = "FILE", description = "An image; may be given several times.")
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
        question.begin();
        AnswerCollector answer = new AnswerCollector();
        AnswerOutput output = AnswerOutput.toStdout();
        try (GatewayAccess.Connection connection = gateway.connect()) {
            ChatRequest request = request(connection.client(), question.await(Progress.toStderr()));
            connection.client().chat(request, event -> {
                answer.add(event);
                if (!json) {
                    output.print(event.getDelta().getText());
                }
            });
            if (json) {
                output.print(new ObjectMapper().writeValueAsString(answer.toJson()));
            }
            output.endLine();
        }
        return 0;
    }

    private ChatRequest request(GatewayClient client, String text) {
        List<Image> stored = images.stream()
                .map(file -> Image.newBuilder().setId(client.put(file).getId()).build())
                .toList();
        ChatRequest.Builder request = ChatRequest.newBuilder();
        generation.applyTo(request);
        if (raw) {
            request.setRaw(RawPrompt.newBuilder().setText(text).addAllImages(stored));
        } else {
            request.setConversation(Conversation.newBuilder().addMessages(UserMessage.of(stored, text)));
        }
        return request.build();
    }
}
