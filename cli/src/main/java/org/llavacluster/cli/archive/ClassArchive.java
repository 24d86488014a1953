package org.llavacluster.cli.archive;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The classes of a program as a JVM had them in memory once: a start maps them instead of parsing, verifying and linking them again.
 * It is a hint. The JVM itself leaves out one that another JDK made, that belongs to other jars or that is cut off.
 *
 * @param file need not exist
 */
public record ClassArchive(Path file) {

    /** It may be read while another start of the project replaces it, so what the JVM says of one that it leaves out is of no use to anybody. */
    private static final String QUIET = "-Xlog:disable";

    /** All that a JVM without {@link #QUIET} would say, but not on stdout, which has results only. */
    private static final String OTHER_WARNINGS = "-Xlog:all=warning,cds*=off,aot*=off:stderr";

    /** Of the program with that name. */
    public static ClassArchive in(Path folder, String program) {
        return new ClassArchive(folder.resolve(program + ".jsa"));
    }

    /** Options of a JVM that starts from it; none where it is not there, which is cheaper than a JVM that looks for it in vain. */
    public List<String> startOptions() {
        return Files.isReadable(file) ? List.of("-XX:SharedArchiveFile=" + file, QUIET, OTHER_WARNINGS) : List.of();
    }

    /** Options of a JVM that writes into a list which classes it loads. */
    public static List<String> recordOptions(Path list) {
        return List.of("-XX:DumpLoadedClassList=" + list);
    }

    /** Options of a JVM that makes the archive of the classes in a list, and runs nothing. */
    public List<String> makeOptions(Path list) {
        return List.of("-Xshare:dump", "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + file);
    }
}
