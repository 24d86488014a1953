package org.llavacluster.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What every process is told about itself.
 *
 * @param id of the membership; {@code llava.node.id}, by default role-0
 * @param host to listen on; {@code llava.node.host}
 * @param port 0 takes any free one; {@code llava.node.port}
 * @param members the membership file, which may come later; {@code llava.members}
 * @param exitWithParent standard input reaching its end means that the parent is gone; {@code llava.exit-with-parent}
 * @param drainTimeout how long running calls may go on after SIGTERM; {@code llava.drain-timeout}
 */
public record NodeConfiguration(
        String id, String host, int port, Optional<Path> members, boolean exitWithParent, Duration drainTimeout) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

    /** 1 to 63 letters, digits, '.', '_' and '-', the first and the last a letter or a digit. */
    public static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    /** For tests and tools: loopback, any free port, no file. */
    public static NodeConfiguration loopback(String id) {
        return new NodeConfiguration(id, "127.0.0.1", 0, Optional.empty(), false, Duration.ofSeconds(5));
    }

    public static NodeConfiguration read(Settings settings, String role) {
        String id = settings.text("llava.node.id").orElse(role + "-0");
        if (!isId(id)) {
            throw new PropertyException("llava.node.id must be 1 to 63 letters, digits, '.', '_' or '-', not '"
                    + id.replaceAll("\\p{Cntrl}", "?") + "'");
        }
        return new NodeConfiguration(
                id,
                settings.text("llava.node.host").orElse("127.0.0.1"),
                settings.integer("llava.node.port", 0, 0, 65_535),
                settings.path("llava.members"),
                settings.flag("llava.exit-with-parent", false),
                settings.duration("llava.drain-timeout", Duration.ofSeconds(30), Duration.ZERO, Duration.ofHours(1)));
    }
}
