package org.llavacluster.stress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides whether a test involves threads, processes or sockets: its class, or a class of the project that it uses
 * directly or indirectly, depends on a class of the JDK or of a library that stands for one of them.
 */
final class ConcurrencyRule {

    private static final String PROJECT = "org.llavacluster.";

    private static final List<String> CONCURRENT = List.of(
            "java.lang.Thread",
            "java.lang.Process",
            "java.util.concurrent.",
            "java.util.Timer",
            "java.net.Socket",
            "java.net.ServerSocket",
            "java.net.http.",
            "java.nio.channels.SocketChannel",
            "java.nio.channels.ServerSocketChannel",
            "io.grpc.ManagedChannel",
            "io.grpc.Server",
            "io.grpc.netty.",
            "io.grpc.inprocess.",
            "io.netty.",
            "io.vertx.");

    /** Data, units and errors. Code that uses only these may be single-threaded. */
    private static final List<String> NOT_ALONE = List.of(
            "java.lang.ThreadLocal",
            "java.util.concurrent.atomic.",
            "java.util.concurrent.Callable",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.concurrent.ConcurrentMap",
            "java.util.concurrent.CopyOnWriteArrayList",
            "java.util.concurrent.ThreadLocalRandom",
            "java.util.concurrent.TimeUnit",
            "java.util.concurrent.TimeoutException");

    private final Function<String, Set<String>> references;
    private final Map<String, Boolean> known = new HashMap<>();

    /**
     * @param references maps the name of a class to the names it refers to
     */
    ConcurrencyRule(Function<String, Set<String>> references) {
        this.references = references;
    }

    synchronized boolean involvesConcurrency(String className) {
        return known.computeIfAbsent(className, this::reachesConcurrency);
    }

    private boolean reachesConcurrency(String start) {
        Set<String> seen = new HashSet<>(Set.of(start));
        Deque<String> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            for (String used : references.apply(open.pop())) {
                if (isConcurrent(used)) {
                    return true;
                }
                if (used.startsWith(PROJECT) && seen.add(used)) {
                    open.push(used);
                }
            }
        }
        return false;
    }

    private static boolean isConcurrent(String name) {
        return CONCURRENT.stream().anyMatch(name::startsWith)
                && NOT_ALONE.stream().noneMatch(name::startsWith);
    }
}
