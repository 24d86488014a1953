package org.llavacluster.systemtest.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.RunningCluster;

/** A cluster that is fuzzed: it lives on, and its log has no errors in it. */
final class HealthyCluster implements AutoCloseable {

    /** A client that begins and does not go on is cut off soon, so that inputs that break off cost little time. */
    private static final Map<String, String> IMPATIENT =
            Map.of("LLAVA_HTTP_HEADER_TIME", "PT0.3S", "LLAVA_HTTP_IDLE_TIME", "1s", "LLAVA_HTTP_MAX_BODY_TIME", "2s");

    private static final Pattern FAULT =
            Pattern.compile(".* ERROR .*|.*Exception.*|.*Error: .*|\\[\\S+]\\s+at .*|.* is started again .*");

    private static final Pattern TRACE = Pattern.compile("\\[\\S+]\\s+(at .*)?");

    private final RunningCluster cluster;
    private final FuzzedHttp http;
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private int read;

    private HealthyCluster(RunningCluster cluster) {
        this.cluster = cluster;
        this.http = new FuzzedHttp(cluster.service("gateway-0").http());
        this.read = cluster.said().size();
    }

    static HealthyCluster start() throws IOException {
        return new HealthyCluster(RunningCluster.up(Launcher.fixture("llava-1.5-tiny"), IMPATIENT));
    }

    FuzzedHttp http() {
        return http;
    }

    ManagedChannel channel(String service) {
        return channels.computeIfAbsent(service, cluster::channel);
    }

    /** @throws AssertionError with what a process has written since the last time, if it should not have */
    void assertNothingLogged() {
        List<String> said = cluster.said();
        List<String> since = said.subList(read, said.size());
        read = said.size();
        assertThat(withoutBlockedThreads(since))
                .noneMatch(line -> FAULT.matcher(line).matches());
    }

    /** On a busy machine Vert.x reports threads that got no processor for two seconds, with where they were. */
    private static List<String> withoutBlockedThreads(List<String> lines) {
        List<String> others = new ArrayList<>();
        boolean blocked = false;
        for (String line : lines) {
            blocked = line.contains("BlockedThreadChecker ")
                    || blocked && TRACE.matcher(line).matches();
            if (!blocked) {
                others.add(line);
            }
        }
        return others;
    }

    @Override
    public void close() {
        http.close();
        cluster.close();
    }
}
