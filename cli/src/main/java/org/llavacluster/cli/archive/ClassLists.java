package org.llavacluster.cli.archive;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder in which a command and the services that it starts record the classes they load, if the property {@code
 * llava.class-lists} is set.
 */
public record ClassLists(Path folder) {

    private static final String PROPERTY = "llava.class-lists";

    /** The folder for the services of this process, if set. */
    public static Optional<ClassLists> wanted() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).map(folder -> new ClassLists(Path.of(folder)));
    }

    /** The list of the program with that name. */
    public Path of(String program) {
        return folder.resolve(program + ".classlist");
    }

    /** The option that makes a command's services record their classes. */
    public String option() {
        return "-D" + PROPERTY + "=" + folder;
    }
}
