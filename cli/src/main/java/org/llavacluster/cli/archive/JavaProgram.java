package org.llavacluster.cli.archive;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A jar and its JVM options, as far as an archive of its classes depends on them.
 *
 * @param name name of its archive
 * @param options JVM options: collector, heap, modules
 * @param jar has the whole class path in its manifest
 */
public record JavaProgram(String name, List<String> options, Path jar) {

    public JavaProgram {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a program's name must not be blank");
        }
        options = List.copyOf(options);
    }

    /**
     * The command that runs it on the JVM of this process.
     *
     * @param further JVM options after the program's own
     */
    public List<String> command(List<String> further) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(further);
        command.add("-jar");
        command.add(jar.toString());
        return command;
    }
}
