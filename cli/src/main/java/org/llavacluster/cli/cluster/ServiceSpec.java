package org.llavacluster.cli.cluster;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.Installation;
import org.llavacluster.cli.archive.ClassArchive;
import org.llavacluster.cli.archive.ClassLists;
import org.llavacluster.cli.archive.JavaProgram;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.Settings;

/**
 * One process of a local cluster.
 *
 * @param properties its Java system properties
 */
record ServiceSpec(String id, ServiceRole role, Map<String, String> properties) {

    /** Precedence of the sources of properties, as in the process. */
    private static final int ENVIRONMENT = 300;

    private static final int COMMAND_LINE = 400;

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
        JavaProgram program = program();
        List<String> further = new ArrayList<>(classOptions(program.name()));
        further.addAll(List.of(
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.awt.headless=true",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dllava.node.id=" + id,
                "-Dllava.exit-with-parent=true"));
        properties.forEach((name, value) -> further.add("-D" + name + "=" + value));
        return program.command(further);
    }

    /** @throws CliException if a property has a value that the process would refuse */
    private JavaProgram program() {
        try {
            return role.program(new Settings(new SmallRyeConfigBuilder()
                    .withSources(
                            new EnvConfigSource(System.getenv(), ENVIRONMENT),
                            new PropertiesConfigSource(properties, "command line", COMMAND_LINE))
                    .build()));
        } catch (PropertyException e) {
            throw new CliException(id + ": " + e.getMessage(), e);
        }
    }

    /** Options to start from its archive, or to record classes for one. */
    private static List<String> classOptions(String program) {
        return ClassLists.wanted()
                .map(lists -> ClassArchive.recordOptions(lists.of(program)))
                .or(() -> Installation.archives()
                        .map(folder -> ClassArchive.in(folder, program).startOptions()))
                .orElse(List.of());
    }
}
