package org.llavacluster.clustertest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llavacluster.clustertest.harness.ConnectPods;
import org.llavacluster.clustertest.harness.Release;
import org.llavacluster.clustertest.harness.TestCluster;
import org.llavacluster.clustertest.harness.TestClusterExtension;

/** Which pods can open connections to which: the arrows of the architecture, and no others. */
@ExtendWith(TestClusterExtension.class)
class ConnectionsTest {

    private static final String NAMESPACE = "llava-connections";
    private static final String API_SERVER = "api-server";

    /** What each pod may connect to. {@code other} is a release beside this one, a stranger a pod of none. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "gateway", Set.of("vision-grpc", "projector-grpc", "decoder-grpc", API_SERVER),
            "decoder", Set.of("projector-grpc", API_SERVER),
            "projector", Set.of("vision-grpc", API_SERVER),
            "vision", Set.of(),
            "stranger", Set.of("gateway-grpc", "gateway-http", "other-gateway-grpc", "other-gateway-http", API_SERVER));

    @Test
    void shouldOpenTheArrowsOfTheArchitectureAndNoOthers(TestCluster cluster) {
        Release.createNamespace(cluster, NAMESPACE);
        Release release = Release.in(cluster, NAMESPACE, "llava");
        try (release) {
            Release other = Release.in(cluster, NAMESPACE, "other");
            release.install("--values", InstallTest.smallValues());
            other.install("--values", InstallTest.smallValues());
            release.awaitReady();
            other.awaitReady();
            Map<String, String> targets = new LinkedHashMap<>();
            addTargets(targets, release, "");
            addTargets(targets, other, "other-");
            targets.put(API_SERVER, ConnectPods.apiServer(cluster));
            assertThat(open(release, targets)).isEqualTo(ARROWS);
        }
    }

    private static void addTargets(Map<String, String> targets, Release release, String prefix) {
        for (String role : Release.ROLES) {
            String address = release.pods(role).getFirst().getStatus().getPodIP();
            targets.put(prefix + role + "-grpc", address + ":9000");
            targets.put(prefix + role + "-http", address + ":8080");
        }
    }

    /** The targets that each pod reaches, without itself: what a pod sends to itself is under no policy. */
    private static Map<String, Set<String>> open(Release release, Map<String, String> targets) {
        Map<String, Set<String>> open = new LinkedHashMap<>();
        for (String role : Release.ROLES) {
            List<String> others = new ArrayList<>();
            targets.forEach((name, address) -> {
                if (!name.startsWith(role + "-")) {
                    others.add(name + "=" + address);
                }
            });
            open.put(
                    role,
                    new TreeSet<>(
                            ConnectPods.openFrom(release, release.pods(role).getFirst(), others)));
        }
        List<String> all = targets.entrySet().stream()
                .map(target -> target.getKey() + "=" + target.getValue())
                .toList();
        open.put("stranger", new TreeSet<>(ConnectPods.openFromAStranger(release, all)));
        return open;
    }
}
