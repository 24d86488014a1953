package org.llavacluster.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The values of {@link NodeProperties}.
 *
 * @param id member id, by default the role and {@code -0}
 * @param host address to listen on
 * @param port port to listen on; 0 takes any free one
 * @param members the membership file, which may be written later
 * @param exitWithParent whether the end of standard input ends the process, because it means that the parent has ended
 * @param drainDelay from SIGTERM to the beginning of the drain
 * @param drainTimeout longest time for running calls after SIGTERM
 * @param reflection whether the gRPC server describes its services to tools
 */
public record NodeConfiguration(
        String id,
        String host,
        int port,
        Optional<Path> members,
        boolean exitWithParent,
        Duration drainDelay,
        Duration drainTimeout,
        boolean reflection) {

    static final Pattern ID = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

    /** 1 to 63 letters, digits, '.', '_' and '-', the first and the last a letter or a digit. */
    public static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    /** For tests and tools: loopback, any free port, no file. */
    public static NodeConfiguration loopback(String id) {
        return new NodeConfiguration(
                id, "127.0.0.1", 0, Optional.empty(), false, Duration.ZERO, Duration.ofSeconds(5), true);
    }

    public static NodeConfiguration read(Settings settings, String role) {
        return new NodeConfiguration(
                settings.find(NodeProperties.ID).orElse(role + "-0"),
                settings.get(NodeProperties.HOST),
                settings.integer(NodeProperties.PORT),
                settings.find(NodeProperties.MEMBERS),
                settings.get(NodeProperties.EXIT_WITH_PARENT),
                settings.get(NodeProperties.DRAIN_DELAY),
                settings.get(NodeProperties.DRAIN_TIMEOUT),
                settings.get(NodeProperties.REFLECTION));
    }
}
