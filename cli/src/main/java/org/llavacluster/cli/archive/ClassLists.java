package org.llavacluster.cli.archive;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder into which a command and the services that it starts write which classes they load, where it is told to by the property
 * {@code llava.class-lists}.
 */
public record ClassLists(Path folder) {

    private static final String PROPERTY = "llava.class-lists";

    /** Where the services of this process are to write theirs. */
    public static Optional<ClassLists> wanted() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).map(folder -> new ClassLists(Path.of(folder)));
    }

    /** The list of the program with that name. */
    public Path of(String program) {
        return folder.resolve(program + ".classlist");
    }

    /** What tells a command that its services are to write theirs. */
    public String option() {
        return "-D" + PROPERTY + "=" + folder;
    }
}
