package org.llavacluster.cli.archive;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An AppCDS archive: the classes of a program as a JVM had them in memory. A start maps them instead of parsing,
 * verifying and linking them. The JVM ignores an archive of another JDK or of other jars, and a truncated one.
 *
 * @param file need not exist
 */
public record ClassArchive(Path file) {

    /**
     * The archive may be read while another start replaces it, so the JVM's messages about an unusable archive are
     * suppressed.
     */
    private static final String QUIET = "-Xlog:disable";

    /** Sends all other warnings of a JVM to stderr, because stdout is for results only. */
    private static final String OTHER_WARNINGS = "-Xlog:all=warning,cds*=off,aot*=off:stderr";

    /** The archive of the program with that name. */
    public static ClassArchive in(Path folder, String program) {
        return new ClassArchive(folder.resolve(program + ".jsa"));
    }

    /** JVM options to start from the archive. Empty if it does not exist, because a JVM's search for it costs time. */
    public List<String> startOptions() {
        return Files.isReadable(file) ? List.of("-XX:SharedArchiveFile=" + file, QUIET, OTHER_WARNINGS) : List.of();
    }

    /** JVM options to record the loaded classes in a list. */
    public static List<String> recordOptions(Path list) {
        return List.of("-XX:DumpLoadedClassList=" + list);
    }

    /** JVM options to make the archive from the classes in a list, without running the program. */
    public List<String> makeOptions(Path list) {
        return List.of("-Xshare:dump", "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + file);
    }
}
