package org.llavacluster.engine.tensorflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;

/**
 * What TensorFlow leaves behind when it starts, and this process does not want: two lines on stderr, and many touched
 * pages.
 */
final class StartUp {

    private static final int STDERR = 2;

    private StartUp() {}

    /**
     * Runs a first graph, on which TensorFlow writes two lines to stderr that no setting prevents. Whatever else is
     * written meanwhile, by any thread, follows right after.
     */
    static void runFirstGraphQuietly() {
        int caught;
        try {
            caught = LibC.memoryFile("stderr");
        } catch (IllegalStateException e) {
            // A sandbox may forbid it: then the two lines stay.
            runFirstGraph();
            return;
        }
        int kept = LibC.dup(STDERR);
        LibC.dup(caught, STDERR);
        try {
            runFirstGraph();
        } finally {
            LibC.dup(kept, STDERR);
            LibC.close(kept);
            forward(Path.of("/proc/self/fd/" + caught));
            LibC.close(caught);
        }
    }

    private static void runFirstGraph() {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Output<?> one = new GraphWriter(graph, "start").scalar(1);
            session.runner().fetch(one).run().close();
        }
    }

    private static void forward(Path caught) {
        try {
            for (String line : Files.readAllLines(caught)) {
                if (!line.contains("absl::InitializeLog()") && !line.contains("mlir_graph_optimization_pass")) {
                    System.err.println(line);
                }
            }
        } catch (IOException e) {
            System.err.println("what was written to stderr while TensorFlow started is lost: " + e.getMessage());
        }
    }

    /**
     * Drops the library pages that only starting needed: about 140 MB of a process's memory, though of files. Only
     * ranges that hold no changed page are dropped, so that all comes back from the file where it is needed again.
     */
    static void releasePages() {
        try {
            long from = 0;
            long to = 0;
            boolean ofLibrary = false;
            for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
                String[] fields = line.split("\\s+", -1);
                if (!fields[0].endsWith(":")) {
                    int dash = fields[0].indexOf('-');
                    from = Long.parseUnsignedLong(fields[0], 0, dash, 16);
                    to = Long.parseUnsignedLong(fields[0], dash + 1, fields[0].length(), 16);
                    ofLibrary = line.contains("libtensorflow") && fields[1].charAt(1) == '-';
                } else if (ofLibrary && fields[0].equals("Anonymous:") && fields[1].equals("0")) {
                    LibC.dropPages(from, to - from);
                }
            }
        } catch (IOException e) {
            // Without /proc the process keeps its pages and works as well.
        }
    }
}
