package org.llavacluster.cli.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llavacluster.cli.Installation;

/**
 * One process of a local cluster.
 *
 * @param properties what the process is told, as Java system properties
 */
record ServiceSpec(String id, Role role, Map<String, String> properties) {

    ServiceSpec {
        properties = Map.copyOf(properties);
    }

    /** Heap limits leave room for what each role caches on the heap; weights and KV live outside of it. */
    enum Role {
        VISION("vision-service", "1g"),
        PROJECTOR("projector-service", "1g"),
        DECODER("decoder-service", "1g"),
        GATEWAY("gateway", "1g");

        private final String module;
        private final String heap;

        Role(String module, String heap) {
            this.module = module;
            this.heap = heap;
        }
    }

    /** The command that starts the process on the JVM that runs this one. */
    List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + role.heap,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.awt.headless=true",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dllava.node.id=" + id,
                "-Dllava.exit-with-parent=true"));
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add("-jar");
        command.add(Installation.serviceJar(role.module).toString());
        return command;
    }
}
