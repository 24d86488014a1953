package org.llavacluster.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.llavacluster.cli.chat.Chat;
import org.llavacluster.cli.options.GenerationOptions;
import org.llavacluster.cli.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A conversation in the terminal. */
@Command(
        name = "chat",
        description = {
            "Talk with the model; /help lists the commands.",
            "If standard input is not a terminal, each of its lines is a message, and the exit code is 1 if one failed."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ChatCommand implements Callable<Integer> {

    @Option(names = "--image", paramLabel = "FILE", description = "An image for the first message.")
    private List<Path> images = new ArrayList<>();

    @Mixin
    private GenerationOptions generation;

    @Mixin
    private GatewayAccess gateway;

    @Override
    public Integer call() {
        try (GatewayAccess.Connection connection = gateway.connect()) {
            return Chat.run(connection.client(), generation, images, Progress.toStderr()) ? 0 : 1;
        }
    }
}
