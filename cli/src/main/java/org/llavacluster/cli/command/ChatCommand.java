package org.llavacluster.cli.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A conversation in the terminal. */
@Command(
        name = "chat",
        description = "Talk with the model; /image FILE adds a picture, /reset forgets, /quit ends.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ChatCommand implements Callable<Integer> {

    @Option(names = "--image", paramLabel = "FILE", description = "A picture for the first message.")
    private List<Path> images = new ArrayList<>();

    @Mixin
    private GenerationOptions generation;

    @Mixin
    private GatewayAccess gateway;

    private final List<Message> history = new ArrayList<>();
    private final List<Image> pending = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (GatewayAccess.Connection connection = gateway.connect()) {
            images.forEach(file -> attach(connection.client(), file));
            System.err.println("Type a message; /image FILE adds a picture, /reset forgets, /quit ends.");
            for (String line = next(input); line != null && !line.equals("/quit"); line = next(input)) {
                try {
                    handle(connection.client(), line);
                } catch (CliException e) {
                    System.err.println(e.getMessage());
                }
            }
        }
        return 0;
    }

    private static String next(BufferedReader input) throws IOException {
        System.err.print("> ");
        System.err.flush();
        String line = input.readLine();
        return line == null ? null : line.strip();
    }

    private void handle(GatewayClient client, String line) {
        if (line.isEmpty()) {
            return;
        }
        if (line.equals("/reset")) {
            history.clear();
            pending.clear();
        } else if (line.startsWith("/image ")) {
            attach(client, Path.of(line.substring("/image ".length()).strip()));
        } else if (line.startsWith("/")) {
            throw new CliException("unknown command: there are /image FILE, /reset and /quit");
        } else {
            say(client, line);
        }
    }

    private void attach(GatewayClient client, Path file) {
        pending.add(Image.newBuilder().setId(client.put(file).getId()).build());
    }

    /** Adds both turns to the history only if the answer came to its end, so that a failed turn can be tried again. */
    private void say(GatewayClient client, String text) {
        Message question = AskCommand.userMessage(pending, text);
        ChatRequest.Builder request = ChatRequest.newBuilder();
        generation.applyTo(request);
        request.setConversation(
                Conversation.newBuilder().addAllMessages(history).addMessages(question));
        Answer answer = new Answer();
        client.chat(request.build(), event -> {
            answer.add(event);
            System.out.print(event.getDelta().getText());
            System.out.flush();
        });
        System.out.println();
        history.add(question);
        history.add(Message.newBuilder()
                .setRole(Message.Role.ROLE_ASSISTANT)
                .addParts(Part.newBuilder().setText(answer.text()))
                .build());
        pending.clear();
    }
}
