package org.llavacluster.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChartRenderingTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final long MIB = 1 << 20;

    private static Stream<String> profiles() {
        return RenderedChart.PROFILES.stream();
    }

    @Test
    void shouldPassHelmLint() {
        LintResult result = new Helm(RenderedChart.FOLDER).lint().strict().call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    /** {@code -Ddocs.write=true} writes the manifests instead. */
    @ParameterizedTest
    @MethodSource("profiles")
    void shouldRenderTheManifestsOfEachProfile(String profile) throws IOException {
        String text = RenderedChart.of(profile, Map.of()).text();
        Path golden = GOLDEN.resolve(profile + ".yaml");
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @CsvSource({
        "decoders.replicas, 2, decoders",
        "decoder.replica, 2, replica",
        "decoder.replicas, -1, replicas",
        "decoder.replicas, two, replicas",
        "decoder.memory.heap, 16, heap",
        "decoder.memory.heep, 960, heep",
        "decoder.memory.native, 4Gi, native",
        "decoder.cpu.request, lots, request",
        "decoder.gpus, 65, gpus",
        "decoder.cache.path, /var, path",
        "decoder.cache.hostPath, var/cache, hostPath",
        "decoder.cache.sizeLimit, big, sizeLimit",
        "decoder.drainSeconds, 3601, drainSeconds",
        "decoder.startSeconds, 0, startSeconds",
        "gateway.gpus, 1, gpus",
        "gateway.service.type, Headless, type",
        "gateway.service.httpPort, 65536, httpPort",
        "image.pullPolicy, Sometimes, pullPolicy",
        "image.repository, '', repository",
        "model.path, /models, path",
        "model.hostPath, models, hostPath",
        "model.subPath, /llava, subPath",
        "env.llava_weights, q8_0, llava_weights",
        "networkPolicies.apiServerPorts[0], 0, apiServerPorts",
        "monitoring.interval, often, interval",
        "unreachableSeconds, never, unreachableSeconds",
        "fullnameOverride, Llava, fullnameOverride",
    })
    void shouldRefuseAWrongValueWithTheNameOfItsKey(String key, String value, String named) {
        assertThatThrownBy(() -> RenderedChart.of("default", Map.of(key, value)))
                .hasMessageContaining(named);
    }

    @Test
    void shouldRefuseTwoSourcesOfTheModel() {
        assertThatThrownBy(() -> RenderedChart.of(
                        "default", Map.of("model.hostPath", "/models", "model.pvc.claimName", "models")))
                .hasMessageContaining("only one source may be set, not pvc and hostPath");
    }

    /** The list of Pod Security's level restricted. */
    @ParameterizedTest
    @MethodSource("profiles")
    void shouldKeepToPodSecurityRestricted(String profile) {
        List<Deployment> deployments = RenderedChart.of(
                        profile, Map.of("model.init.image", "m:1", "model.init.command[0]", "/fill"))
                .objects(Deployment.class);
        assertThat(deployments).hasSize(4);
        for (Deployment deployment : deployments) {
            PodSpec pod = deployment.getSpec().getTemplate().getSpec();
            assertThat(pod.getHostNetwork()).isNull();
            assertThat(pod.getHostPID()).isNull();
            assertThat(pod.getHostIPC()).isNull();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            // Any user id must do, such as OpenShift's.
            assertThat(pod.getSecurityContext().getRunAsUser()).isNull();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            for (Volume volume : pod.getVolumes()) {
                assertThat(volume.getHostPath()).as(volume.getName()).isNull();
            }
            List<Container> containers = new ArrayList<>(pod.getContainers());
            containers.addAll(pod.getInitContainers());
            for (Container container : containers) {
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                        .isFalse();
                assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                        .isTrue();
                assertThat(container.getSecurityContext().getPrivileged()).isNull();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
                assertThat(container.getSecurityContext().getCapabilities().getAdd())
                        .isEmpty();
                assertThat(container.getPorts()).allMatch(port -> port.getHostPort() == null);
                assertThat(container.getImage()).doesNotEndWith(":latest");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void shouldGiveEachPodTheMemoryAndTheTimeThatItsProcessUses(String profile) {
        RenderedChart chart = RenderedChart.of(profile, Map.of());
        for (String role : List.of("vision", "projector", "decoder", "gateway")) {
            PodSpec pod = chart.deployment(role).getSpec().getTemplate().getSpec();
            Container container = pod.getContainers().getFirst();
            String options = environment(container, "JDK_JAVA_OPTIONS");
            long jvm = megabytes(options, "-Xmx") + megabytes(options, "-XX:MaxDirectMemorySize=");
            Quantity limit = container.getResources().getLimits().get("memory");
            assertThat(limit).isEqualTo(container.getResources().getRequests().get("memory"));
            assertThat(limit.getNumericalAmount().longValueExact()).isGreaterThanOrEqualTo((jvm + 256 + 32) * MIB);

            String drain = chart.objects(ConfigMap.class).stream()
                    .filter(map -> map.getMetadata().getName().equals("demo-" + role))
                    .findFirst()
                    .orElseThrow()
                    .getData()
                    .get("LLAVA_DRAIN_TIMEOUT");
            long before = container.getLifecycle() == null
                    ? 0
                    : container.getLifecycle().getPreStop().getSleep().getSeconds();
            // After the drain the process closes its connections and ends.
            assertThat(pod.getTerminationGracePeriodSeconds())
                    .isGreaterThanOrEqualTo(before + Long.parseLong(drain.replace("s", "")) + 5);
        }
    }

    private static String environment(Container container, String name) {
        return container.getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow();
    }

    private static long megabytes(String options, String option) {
        Matcher matcher = Pattern.compile(Pattern.quote(option) + "(\\d+)m").matcher(options);
        assertThat(matcher.find()).as(options).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    @Test
    void shouldOpenOnlyTheArrowsOfTheArchitecture() {
        TreeSet<String> arrows = new TreeSet<>();
        TreeSet<String> callers = new TreeSet<>();
        for (NetworkPolicy policy : RenderedChart.of("default", Map.of()).objects(NetworkPolicy.class)) {
            assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
            String role = policy.getSpec().getPodSelector().getMatchLabels().get("app.kubernetes.io/component");
            policy.getSpec().getEgress().forEach(rule -> rule.getTo()
                    .forEach(peer -> arrows.add(role + " -> "
                            + peer.getPodSelector().getMatchLabels().get("app.kubernetes.io/component"))));
            policy.getSpec().getIngress().forEach(rule -> rule.getFrom()
                    .forEach(peer ->
                            callers.add(peer.getPodSelector().getMatchLabels().get("app.kubernetes.io/component")
                                    + " -> " + role)));
        }
        assertThat(arrows)
                .containsExactly(
                        "decoder -> projector",
                        "gateway -> decoder",
                        "gateway -> projector",
                        "gateway -> vision",
                        "projector -> vision");
        assertThat(callers).isEqualTo(arrows);
    }

    @Test
    void shouldAskTheApiServerForEndpointSlicesOnly() {
        List<Role> roles = RenderedChart.of("default", Map.of()).objects(Role.class);
        assertThat(roles).hasSize(1);
        assertThat(roles.getFirst().getRules()).singleElement().satisfies(rule -> {
            assertThat(rule.getApiGroups()).containsExactly("discovery.k8s.io");
            assertThat(rule.getResources()).containsExactly("endpointslices");
            assertThat(rule.getVerbs()).containsExactly("get", "list", "watch");
        });
    }

    @Test
    void shouldNameTheServicesAsTheProcessesLookForThem() {
        RenderedChart chart = RenderedChart.of("default", Map.of("fullnameOverride", "other"));
        assertThat(chart.objects(Service.class))
                .extracting(service -> service.getMetadata().getName())
                .containsExactlyInAnyOrder("other-vision", "other-projector", "other-decoder", "other-gateway");
        assertThat(chart.objects(ConfigMap.class))
                .allSatisfy(map -> assertThat(map.getData()).containsEntry("LLAVA_KUBERNETES_SERVICE_PREFIX", "other"));
    }

    @Test
    void shouldNeverBlockADrainForEver() {
        RenderedChart chart = RenderedChart.of("production", Map.of("projector.replicas", "1"));
        assertThat(chart.objects(PodDisruptionBudget.class))
                .extracting(budget -> budget.getMetadata().getName())
                .containsExactlyInAnyOrder("demo-vision", "demo-decoder", "demo-gateway");
    }
}
