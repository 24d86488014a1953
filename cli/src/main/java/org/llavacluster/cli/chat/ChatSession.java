package org.llavacluster.cli.chat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.client.AnswerCall;
import org.llavacluster.cli.client.AnswerCollector;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.client.UserMessage;
import org.llavacluster.cli.options.GenerationOptions;
import org.llavacluster.cli.terminal.VisibleText;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.Message;
import org.llavacluster.proto.v1.Part;
import org.llavacluster.proto.v1.PutImageResponse;

/**
 * A conversation with the model: the turns so far and the images for the next one. One thread uses it, others may
 * interrupt it.
 */
final class ChatSession {

    private final GatewayClient client;
    private final GenerationOptions generation;
    private final List<Message> turns = new ArrayList<>();
    private final List<Image> pending = new ArrayList<>();
    private volatile AnswerCall running;

    ChatSession(GatewayClient client, GenerationOptions generation) {
        this.client = client;
        this.generation = generation;
    }

    /** Sends the image to the gateway for the next message and describes the image. */
    String attach(Path file) {
        if (Files.isDirectory(file)) {
            throw new CliException(file + ": this is a folder, not a file");
        }
        PutImageResponse stored = client.put(file);
        pending.add(Image.newBuilder().setId(stored.getId()).build());
        return "%s: %s%d x %d pixels, %s, %d tokens; it goes with the next message"
                .formatted(
                        VisibleText.of(String.valueOf(file.getFileName())),
                        ImageFiles.format(file).map(format -> format + ", ").orElse(""),
                        stored.getWidth(),
                        stored.getHeight(),
                        size(file),
                        stored.getTokens());
    }

    private static String size(Path file) {
        try {
            long bytes = Files.size(file);
            return bytes < 1_000_000
                    ? "%.1f kB".formatted(bytes / 1e3)
                    : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
        } catch (IOException e) {
            return "size unknown";
        }
    }

    int pendingImages() {
        return pending.size();
    }

    /** Removes the images attached last, until only that many are left. */
    void keepPending(int images) {
        while (pending.size() > images) {
            pending.removeLast();
        }
    }

    void reset() {
        turns.clear();
        pending.clear();
    }

    /**
     * Sends a message and passes on the answer as it arrives. A failed turn leaves no trace, so that it can be
     * repeated. Of an interrupted turn the message and the partial answer stay.
     *
     * @return whether the answer is complete
     */
    boolean say(String text, Consumer<String> answered) {
        Message question = UserMessage.of(pending, text);
        ChatRequest.Builder request = ChatRequest.newBuilder();
        generation.applyTo(request);
        request.setConversation(Conversation.newBuilder().addAllMessages(turns).addMessages(question));
        AnswerCollector answer = new AnswerCollector();
        AnswerCall call = client.start(request.build());
        running = call;
        try {
            call.forEach(event -> {
                answer.add(event);
                answered.accept(event.getDelta().getText());
            });
        } finally {
            running = null;
        }
        if (!call.ended() || !answer.text().isEmpty()) {
            remember(question, answer.text());
        }
        return !call.ended();
    }

    private void remember(Message question, String answer) {
        turns.add(question);
        turns.add(Message.newBuilder()
                .setRole(Message.Role.ROLE_ASSISTANT)
                .addParts(Part.newBuilder().setText(answer))
                .build());
        pending.clear();
    }

    /** Ends the answer in progress, if any. */
    void interrupt() {
        AnswerCall call = running;
        if (call != null) {
            call.end();
        }
    }
}
