package org.llavacluster.cli.chat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.options.GenerationOptions;
import org.llavacluster.cli.terminal.AnswerOutput;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.cli.terminal.StandardStreams;

/**
 * A conversation over the standard streams of this process: with line editing at a terminal, line by line from a file
 * or pipe.
 */
public final class Chat {

    private Chat() {}

    /**
     * @param images images for the first message
     * @return whether all entries succeeded; mistakes typed at a terminal do not count
     */
    public static boolean run(GatewayClient client, GenerationOptions generation, List<Path> images, Progress notes) {
        Map<String, String> environment = System.getenv();
        Optional<Path> home = HistoryFile.home(environment);
        ChatSession session = new ChatSession(client, generation);
        try (ChatInput input = open(session, home, environment, notes)) {
            ChatLoop loop = new ChatLoop(
                    input, session, new ChatEntryReader(home, ImageFiles::isImage), AnswerOutput.toStdout(), notes);
            loop.attach(images);
            if (input.interactive()) {
                notes.note("Type a message; /help lists the commands.");
            }
            return loop.run() || input.interactive();
        }
    }

    private static ChatInput open(
            ChatSession session, Optional<Path> home, Map<String, String> environment, Progress notes) {
        if (!StandardStreams.isInputTerminal()) {
            return new LinesInput(System.in);
        }
        Optional<Path> history = HistoryFile.location(environment).flatMap(file -> HistoryFile.prepare(file, notes));
        return LineEditor.open(history, new PathCompleter(home), session::interrupt);
    }
}
