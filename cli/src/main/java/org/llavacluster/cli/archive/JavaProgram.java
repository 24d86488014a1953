package org.llavacluster.cli.archive;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A jar and the JVM that runs it, as far as an archive of its classes depends on it.
 *
 * @param name names its archive
 * @param options of the JVM: collector, heap, modules
 * @param jar with the whole class path in its manifest
 */
public record JavaProgram(String name, List<String> options, Path jar) {

    public JavaProgram {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a program's name must not be blank");
        }
        options = List.copyOf(options);
    }

    /**
     * Runs it on the JVM that runs this process.
     *
     * @param further options of the JVM, behind the program's own
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
