package org.llavacluster.images;

import java.util.ArrayList;
import java.util.List;

/** How an image starts its service. */
final class ImageCommand {

    static final String RUNTIME = "/opt/java";
    static final String APPLICATION = "/app";
    static final String TEST_MODEL = APPLICATION + "/model";
    static final String ARCHIVE = "classes.jsa";

    private ImageCommand() {}

    /**
     * JVM options on which an archive of classes depends. Those of memory are not among them: the chart gives them in
     * {@code JDK_JAVA_OPTIONS}.
     */
    static List<String> archivedOptions(ServiceFolder service) {
        List<String> options = new ArrayList<>(List.of(
                "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        if (service.computes()) {
            options.add("--add-modules=jdk.incubator.vector");
        }
        return options;
    }

    /** The image's entry point. No shell and no file outside of the image is needed, and none is written. */
    static List<String> entryPoint(ServiceFolder service) {
        List<String> command = new ArrayList<>();
        command.add(RUNTIME + "/bin/java");
        command.addAll(archivedOptions(service));
        command.addAll(List.of(
                "-XX:SharedArchiveFile=" + APPLICATION + "/" + ARCHIVE,
                "-Xlog:disable",
                "-Xlog:all=warning,cds*=off,aot*=off:stderr",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                // Gives memory that was freed outside the heap back to the system once a minute.
                "-XX:TrimNativeHeapInterval=60000",
                "-Djava.awt.headless=true",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-jar",
                APPLICATION + "/" + ServiceFolder.JAR));
        return command;
    }
}
