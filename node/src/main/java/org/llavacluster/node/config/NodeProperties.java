package org.llavacluster.node.config;

import java.nio.file.Path;
import java.time.Duration;

/** Properties that every process reads. */
public final class NodeProperties {

    static final PropertyGroup GROUP = new PropertyGroup("Every process");

    public static final Property<String> ID = GROUP.text(
                    "llava.node.id",
                    NodeConfiguration.ID,
                    "be 1 to 63 letters, digits, '.', '_' or '-', the first and the last a letter or a digit",
                    "1 to 63 letters, digits, `.`, `_`, `-`")
            .otherwiseComputed("`ROLE-0`, such as `vision-0`")
            .meaning("Id of the node in the membership file. Each node of a cluster has its own.");

    public static final Property<String> HOST =
            GROUP.text("llava.node.host").otherwise("127.0.0.1").meaning("Address on which the gRPC server listens.");

    public static final Property<Long> PORT = GROUP.wholeNumber("llava.node.port", 0, 65_535)
            .otherwise(0L)
            .meaning("Port on which the gRPC server listens; 0 takes any free one.");

    public static final Property<Path> MEMBERS = GROUP.path("llava.members", "a membership file")
            .meaning("The file that lists the processes of the cluster. It may be written after the start; "
                    + "changes are read while the process runs.");

    public static final Property<Boolean> EXIT_WITH_PARENT = GROUP.flag("llava.exit-with-parent")
            .otherwise(false)
            .meaning("End the process when its standard input ends, because the parent process has then ended.");

    public static final Property<Duration> DRAIN_TIMEOUT = GROUP.time(
                    "llava.drain-timeout", Duration.ZERO, Duration.ofHours(1))
            .otherwise(Duration.ofSeconds(30))
            .limit(
                    "A process that is asked to stop must end in bounded time.",
                    "A call that still runs then ends with UNAVAILABLE (HTTP: the connection closes).")
            .meaning("How long running calls may go on after SIGTERM.");

    public static final Property<Duration> DRAIN_DELAY = GROUP.time(
                    "llava.drain-delay", Duration.ZERO, Duration.ofMinutes(5))
            .otherwise(Duration.ZERO)
            .meaning("How long a process serves on after SIGTERM before it drains, so that balancers and clients send"
                    + " their next requests elsewhere; its HTTP answers end their connections meanwhile.");

    public static final Property<Boolean> REFLECTION = GROUP.flag("llava.node.reflection")
            .otherwise(true)
            .meaning("Describe the gRPC services to tools such as grpcurl (gRPC server reflection).");

    private NodeProperties() {}
}
