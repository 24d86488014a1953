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

/** The cluster that is fuzzed. It must continue to run, and its log must name no fault. */
final class HealthyCluster implements AutoCloseable {

    /** Short limits for slow clients, so that an incomplete request costs little time. */
    private static final Map<String, String> IMPATIENT =
            Map.of("LLAVA_HTTP_HEADER_TIME", "PT0.3S", "LLAVA_HTTP_IDLE_TIME", "1s", "LLAVA_HTTP_MAX_BODY_TIME", "2s");

    private static final Pattern FAULT =
            Pattern.compile(".* ERROR .*|.*Exception.*|.*Error: .*|\\[\\S+]\\s+at .*|.* is started again .*");

    /** One line without a stack trace for a broken connection, see {@code TransportLog}. */
    private static final Pattern TRANSPORT =
            Pattern.compile("\\[\\S+]\\s.* WARN .*\\[(NettyServer|ServerImpl|Serializing|DefaultChannel).*");

    private static final Pattern TRACE = Pattern.compile("\\[\\S+]\\s+(at .*)?");

    private final RunningCluster cluster;
    private final FuzzedHttp http;
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private int checked;

    private HealthyCluster(RunningCluster cluster) {
        this.cluster = cluster;
        this.http = new FuzzedHttp(cluster.service("gateway-0").http());
        this.checked = cluster.said().size();
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

    /** @throws AssertionError with the lines that a process logged since the last check and that name a fault */
    void assertNothingLogged() {
        List<String> said = cluster.said();
        List<String> since = said.subList(checked, said.size());
        checked = said.size();
        assertThat(withoutBlockedThreads(since))
                .noneMatch(line -> FAULT.matcher(line).matches()
                        && !TRANSPORT.matcher(line).matches());
    }

    /** Leaves out Vert.x's warnings, with stack traces, of threads that a busy machine kept waiting for two seconds. */
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
