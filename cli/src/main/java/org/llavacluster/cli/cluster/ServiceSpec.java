package org.llavacluster.cli.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.cli.Installation;
import org.llavacluster.cli.archive.ClassArchive;
import org.llavacluster.cli.archive.ClassLists;

/**
 * One process of a local cluster.
 *
 * @param properties its Java system properties
 */
record ServiceSpec(String id, ServiceRole role, Map<String, String> properties) {

    ServiceSpec {
        properties = Map.copyOf(properties);
    }

    /** The same gateway on those ports. */
    ServiceSpec on(int grpcPort, int httpPort) {
        Map<String, String> fixed = new LinkedHashMap<>(properties);
        fixed.put("llava.node.port", Integer.toString(grpcPort));
        fixed.put("quarkus.http.port", Integer.toString(httpPort));
        return new ServiceSpec(id, role, fixed);
    }

    /** The command that starts the process on the JVM of this one. */
    List<String> command() {
        List<String> further = new ArrayList<>(classOptions());
        further.addAll(List.of(
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.awt.headless=true",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dllava.node.id=" + id,
                "-Dllava.exit-with-parent=true"));
        properties.forEach((name, value) -> further.add("-D" + name + "=" + value));
        return role.program().command(further);
    }

    /** Options to start from its archive, or to record classes for one. */
    private List<String> classOptions() {
        String program = role.program().name();
        return ClassLists.wanted()
                .map(lists -> ClassArchive.recordOptions(lists.of(program)))
                .or(() -> Installation.archives()
                        .map(folder -> ClassArchive.in(folder, program).startOptions()))
                .orElse(List.of());
    }
}
