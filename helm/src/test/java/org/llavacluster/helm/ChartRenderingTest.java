package org.llavacluster.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.ExternalMetricSource;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
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
    private static final List<String> ROLES = List.of("vision", "projector", "decoder", "gateway");

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
        "model.fingerprints.decoder, abc, decoder",
        "model.fingerprints.decoders, abc, decoders",
        "decoder.pools.GPU.gpus, 1, GPU",
        "decoder.pools.gpu.gpus, many, gpus",
        "decoder.pools.gpu.pools.more.gpus, 1, pools",
        "decoder.podAnnotations.note, 1, note",
        "gateway.pools.more.replicas, 1, pools",
        "gateway.ingress.enabled, true, gateway.ingress.hosts",
        "gateway.ingress.host, a.example, host",
        "gateway.httpRoute.enabled, true, gateway.httpRoute.parentRefs",
        "gateway.grpcRoute.enabled, true, gateway.grpcRoute.parentRefs",
        "gateway.grpcRoute.hostnames, a.example, hostnames",
        "monitoring.dashboard, please, dashboard",
        "serviceAccounts.names, a, names",
        "test.waitSeconds, 0, waitSeconds",
        "decoder.autoscaling.by, vpa, by",
        "decoder.autoscaling.maxReplicas, 0, maxReplicas",
        "decoder.autoscaling.min, 1, min",
        "decoder.pools.gpu.autoscaling.by, keda, autoscaling",
        "gateway.autoscaling.by, hpa, autoscaling",
        "gateway.podDeletionCost, sometimes, podDeletionCost",
        "autoscaling.queueSeconds, 0, queueSeconds",
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
        RenderedChart chart = RenderedChart.of(
                profile,
                Map.of(
                        "model.init.image", "m:1",
                        "model.init.command[0]", "/fill",
                        "decoder.pools.more.replicas", "1"));
        List<PodSpec> pods = new ArrayList<>();
        chart.objects(Deployment.class)
                .forEach(deployment ->
                        pods.add(deployment.getSpec().getTemplate().getSpec()));
        chart.objects(Pod.class).forEach(pod -> pods.add(pod.getSpec()));
        assertThat(pods).hasSize(6);
        for (PodSpec pod : pods) {
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
        for (String role : ROLES) {
            PodSpec pod = chart.deployment(role).getSpec().getTemplate().getSpec();
            Container container = pod.getContainers().getFirst();
            String options = environment(container, "JDK_JAVA_OPTIONS");
            long jvm = megabytes(options, "-Xmx") + megabytes(options, "-XX:MaxDirectMemorySize=");
            Quantity limit = container.getResources().getLimits().get("memory");
            assertThat(limit).isEqualTo(container.getResources().getRequests().get("memory"));
            assertThat(limit.getNumericalAmount().longValueExact()).isGreaterThanOrEqualTo((jvm + 256 + 32) * MIB);

            Map<String, String> configuration = chart.configuration(role);
            long delay = seconds(configuration.getOrDefault("LLAVA_DRAIN_DELAY", "0s"));
            // After the drain the process closes its connections and ends.
            assertThat(pod.getTerminationGracePeriodSeconds())
                    .isGreaterThanOrEqualTo(delay + seconds(configuration.get("LLAVA_DRAIN_TIMEOUT")) + 5);
        }
    }

    private static long seconds(String time) {
        return Long.parseLong(time.replace("s", ""));
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
        RenderedChart chart = RenderedChart.of("default", Map.of());
        List<Role> roles = chart.objects(Role.class);
        assertThat(roles).hasSize(1);
        assertThat(roles.getFirst().getRules()).singleElement().satisfies(rule -> {
            assertThat(rule.getApiGroups()).containsExactly("discovery.k8s.io");
            assertThat(rule.getResources()).containsExactly("endpointslices");
            assertThat(rule.getVerbs()).containsExactly("get", "list", "watch");
        });
        assertThat(chart.objects(RoleBinding.class)).singleElement().satisfies(binding -> assertThat(
                        binding.getSubjects())
                .extracting(Subject::getName)
                .containsExactly("demo-projector", "demo-decoder", "demo-gateway"));
    }

    @Test
    void shouldGiveATokenOnlyToTheRolesThatAskTheApiServer() {
        RenderedChart chart = RenderedChart.of("default", Map.of());
        assertThat(chart.objects(ServiceAccount.class))
                .allMatch(account -> !account.getAutomountServiceAccountToken())
                .extracting(account -> account.getMetadata().getName())
                .containsExactlyInAnyOrder("demo-vision", "demo-projector", "demo-decoder", "demo-gateway");
        for (String role : ROLES) {
            PodSpec pod = chart.deployment(role).getSpec().getTemplate().getSpec();
            assertThat(pod.getServiceAccountName()).isEqualTo("demo-" + role);
            assertThat(pod.getAutomountServiceAccountToken()).isEqualTo(!role.equals("vision"));
            NetworkPolicy policy = chart.objects(NetworkPolicy.class).stream()
                    .filter(each -> each.getMetadata().getName().equals("demo-" + role))
                    .findFirst()
                    .orElseThrow();
            boolean apiServer = policy.getSpec().getEgress().stream()
                    .flatMap(rule -> rule.getPorts().stream())
                    .anyMatch(port -> port.getPort().getIntVal() == 6443);
            assertThat(apiServer).isEqualTo(!role.equals("vision"));
        }
    }

    @Test
    void shouldRunPoolsOfARoleBesideEachOther() {
        RenderedChart chart = RenderedChart.of(
                "production",
                Map.of(
                        "decoder.pools.gpu.gpus", "1",
                        "decoder.pools.gpu.imageTag", "1.0.0-gpu",
                        "decoder.pools.gpu.replicas", "1",
                        "decoder.pools.gpu.env.LLAVA_ENGINE", "tensorflow",
                        "decoder.pools.gpu.memory.native", "32768"));
        Deployment cpu = chart.deployment("decoder");
        Deployment gpu = chart.deployment("decoder-gpu");
        assertThat(cpu.getSpec().getReplicas()).isEqualTo(4);
        assertThat(gpu.getSpec().getReplicas()).isEqualTo(1);
        Container container =
                gpu.getSpec().getTemplate().getSpec().getContainers().getFirst();
        assertThat(container.getImage()).endsWith("/decoder:1.0.0-gpu");
        assertThat(container.getResources().getLimits()).containsKey("nvidia.com/gpu");
        assertThat(container.getResources().getLimits().get("memory"))
                .isEqualTo(new Quantity((960 + 768 + 32768 + 256) + "Mi"));
        // What the pool leaves out is as the role has it.
        assertThat(environment(container, "JDK_JAVA_OPTIONS")).contains("-Xmx960m");
        assertThat(chart.configuration("decoder-gpu"))
                .containsEntry("LLAVA_ENGINE", "tensorflow")
                .containsEntry("LLAVA_WEIGHTS", "q8_0")
                .containsEntry("LLAVA_DRAIN_TIMEOUT", "120s");
        assertThat(chart.configuration("decoder")).doesNotContainKey("LLAVA_ENGINE");

        Map<String, String> cpuPods = cpu.getSpec().getTemplate().getMetadata().getLabels();
        Map<String, String> gpuPods = gpu.getSpec().getTemplate().getMetadata().getLabels();
        assertThat(gpuPods).containsAllEntriesOf(gpu.getSpec().getSelector().getMatchLabels());
        assertThat(matches(gpu.getSpec().getSelector().getMatchLabels(), cpuPods))
                .isFalse();
        assertThat(matches(cpu.getSpec().getSelector().getMatchLabels(), gpuPods))
                .isFalse();
        // The role's Service, budget and policy are for all of its pools.
        Service service = chart.objects(Service.class).stream()
                .filter(each -> each.getMetadata().getName().equals("demo-decoder"))
                .findFirst()
                .orElseThrow();
        assertThat(matches(service.getSpec().getSelector(), cpuPods)).isTrue();
        assertThat(matches(service.getSpec().getSelector(), gpuPods)).isTrue();
    }

    private static boolean matches(Map<String, String> selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.entrySet());
    }

    @Test
    void shouldReplacePodsWhenTheirEnvironmentChanges() {
        String before = RenderedChart.of("default", Map.of()).environmentDigest("decoder");
        RenderedChart changed = RenderedChart.of("default", Map.of("decoder.env.LLAVA_WEIGHTS", "q8_0"));
        assertThat(changed.environmentDigest("decoder")).isNotEqualTo(before);
        assertThat(changed.environmentDigest("vision"))
                .isEqualTo(RenderedChart.of("default", Map.of()).environmentDigest("vision"));
    }

    @ParameterizedTest
    @CsvSource({
        "model.pvc.claimName, models",
        "model.hostPath, /srv/models",
        "model.image, registry.example/model:1",
        "model.init.image, registry.example/fill:1",
    })
    void shouldMountTheModelReadOnlyFromItsSource(String key, String value) {
        RenderedChart chart = RenderedChart.of(
                "default",
                key.startsWith("model.init")
                        ? Map.of(key, value, "model.init.command[0]", "/fill", "model.subPath", "llava")
                        : Map.of(key, value, "model.subPath", "llava"));
        for (String role : ROLES) {
            PodSpec pod = chart.deployment(role).getSpec().getTemplate().getSpec();
            Container container = pod.getContainers().getFirst();
            assertThat(environment(container, "LLAVA_MODEL")).isEqualTo("/model/llava");
            assertThat(container.getVolumeMounts())
                    .filteredOn(mount -> mount.getName().equals("model"))
                    .singleElement()
                    .satisfies(mount -> assertThat(mount.getReadOnly()).isTrue());
            Volume model = pod.getVolumes().stream()
                    .filter(volume -> volume.getName().equals("model"))
                    .findFirst()
                    .orElseThrow();
            switch (key) {
                case "model.pvc.claimName" ->
                    assertThat(model.getPersistentVolumeClaim())
                            .isEqualTo(new PersistentVolumeClaimVolumeSource(value, true));
                case "model.hostPath" ->
                    assertThat(model.getHostPath().getPath()).isEqualTo(value);
                case "model.image" ->
                    assertThat(model.getImage().getReference()).isEqualTo(value);
                default -> {
                    assertThat(model.getEmptyDir()).isNotNull();
                    assertThat(pod.getInitContainers().getFirst().getImage()).isEqualTo(value);
                }
            }
        }
    }

    @Test
    void shouldTellEachWorkerWhatItsWeightsMustBe() {
        String fingerprint = "0123456789abcdef".repeat(4);
        RenderedChart chart = RenderedChart.of("default", Map.of("model.fingerprints.decoder", fingerprint));
        assertThat(chart.configuration("decoder")).containsEntry("LLAVA_MODEL_FINGERPRINT", fingerprint);
        assertThat(chart.configuration("vision")).doesNotContainKey("LLAVA_MODEL_FINGERPRINT");
        assertThat(chart.configuration("gateway")).doesNotContainKey("LLAVA_MODEL_FINGERPRINT");
    }

    @Test
    void shouldKeepPackedWeightsWhereTheValuesSay() {
        RenderedChart chart = RenderedChart.of(
                "default", Map.of("decoder.cache.claimName", "packed", "vision.cache.hostPath", "/var/cache/llava"));
        assertThat(cache(chart, "decoder").getPersistentVolumeClaim().getClaimName())
                .isEqualTo("packed");
        assertThat(cache(chart, "vision").getHostPath().getPath()).isEqualTo("/var/cache/llava");
        assertThat(cache(chart, "projector").getEmptyDir().getSizeLimit()).isEqualTo(new Quantity("20Gi"));
    }

    private static Volume cache(RenderedChart chart, String role) {
        return chart.deployment(role).getSpec().getTemplate().getSpec().getVolumes().stream()
                .filter(volume -> volume.getName().equals("cache"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldLetKedaScaleARoleAloneAndToZero() {
        RenderedChart chart = RenderedChart.of(
                "default",
                Map.of(
                        "decoder.autoscaling.by", "keda",
                        "decoder.autoscaling.minReplicas", "0",
                        "decoder.autoscaling.maxReplicas", "8",
                        "networkPolicies.clients[0].podSelector.a", "b",
                        "networkPolicies.keda[0].podSelector.matchLabels.app", "keda"));
        assertThat(chart.manifest("ScaledObject"))
                .contains(
                        "scaleTargetRef: {name: demo-decoder}",
                        "minReplicaCount: 0",
                        "maxReplicaCount: 8",
                        "type: external-push",
                        "scalerAddress: demo-gateways.shop.svc:9000",
                        "role: decoder");
        // Helm leaves the number of pods to the autoscaler.
        assertThat(chart.deployment("decoder").getSpec().getReplicas()).isNull();
        assertThat(chart.deployment("vision").getSpec().getReplicas()).isEqualTo(1);
        assertThat(chart.configuration("gateway"))
                .containsEntry("LLAVA_SCALING", "true")
                .containsEntry("LLAVA_SCALING_QUEUE_TIME", "10s")
                .containsEntry("LLAVA_SCALING_MAX_PARKED", "256")
                .containsEntry("LLAVA_KUBERNETES_GATEWAYS_SERVICE", "demo-gateways");
        Service gateways = chart.objects(Service.class).stream()
                .filter(service -> service.getMetadata().getName().equals("demo-gateways"))
                .findFirst()
                .orElseThrow();
        // A gateway without decoders must be found, too.
        assertThat(gateways.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(gateways.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(chart.objects(NetworkPolicy.class))
                .filteredOn(policy -> policy.getMetadata().getName().equals("demo-gateway"))
                .singleElement()
                .satisfies(policy -> assertThat(
                                policy.getSpec().getIngress().getFirst().getFrom())
                        .extracting(peer -> peer.getPodSelector().getMatchLabels())
                        .anyMatch(labels -> "keda".equals(labels.get("app")))
                        .anyMatch(labels -> "gateway".equals(labels.get("app.kubernetes.io/component"))));
        assertThat(chart.objects(PodDisruptionBudget.class))
                .extracting(budget -> budget.getMetadata().getName())
                .contains("demo-decoder");
    }

    @Test
    void shouldLetAnHpaScaleARoleByTheSameFigure() {
        RenderedChart chart = RenderedChart.of(
                "default", Map.of("vision.autoscaling.by", "hpa", "vision.autoscaling.maxReplicas", "6"));
        HorizontalPodAutoscaler hpa =
                chart.objects(HorizontalPodAutoscaler.class).getFirst();
        assertThat(hpa.getSpec().getScaleTargetRef().getName()).isEqualTo("demo-vision");
        assertThat(hpa.getSpec().getMaxReplicas()).isEqualTo(6);
        ExternalMetricSource metric = hpa.getSpec().getMetrics().getFirst().getExternal();
        assertThat(metric.getMetric().getName()).isEqualTo("llava_scaling_wanted_workers");
        assertThat(metric.getMetric().getSelector().getMatchLabels())
                .containsExactlyInAnyOrderEntriesOf(Map.of("release", "demo", "role", "vision"));
        assertThat(metric.getTarget().getType()).isEqualTo("AverageValue");
        assertThat(metric.getTarget().getAverageValue()).isEqualTo(new Quantity("1"));
        assertThat(chart.configuration("gateway"))
                .containsEntry("LLAVA_SCALING", "true")
                .doesNotContainKey("LLAVA_SCALING_MAX_PARKED");
    }

    @Test
    void shouldMeasureNothingWithoutAnAutoscaler() {
        RenderedChart chart = RenderedChart.of("default", Map.of());
        assertThat(chart.configuration("gateway")).doesNotContainKeys("LLAVA_SCALING", "LLAVA_SCALING_MAX_PARKED");
        assertThat(chart.text()).doesNotContain("demo-gateways", "HorizontalPodAutoscaler", "ScaledObject");
    }

    @ParameterizedTest
    @CsvSource({
        "hpa, 0, 4, minReplicas must be at least 1 with decoder.autoscaling.by hpa",
        "keda, 5, 4, 'minReplicas must be at most decoder.autoscaling.maxReplicas, which is 4, not 5'",
    })
    void shouldRefuseAutoscalingThatCannotBe(String by, String min, String max, String message) {
        assertThatThrownBy(() -> RenderedChart.of(
                        "default",
                        Map.of(
                                "decoder.autoscaling.by", by,
                                "decoder.autoscaling.minReplicas", min,
                                "decoder.autoscaling.maxReplicas", max)))
                .hasMessageContaining("decoder.autoscaling." + message);
    }

    @Test
    void shouldLetTheGatewayPatchPodsOnlyWhereItWritesDeletionCosts() {
        RenderedChart chart = RenderedChart.of("default", Map.of("gateway.podDeletionCost", "true"));
        assertThat(chart.configuration("gateway")).containsEntry("LLAVA_KUBERNETES_POD_DELETION_COST", "true");
        assertThat(chart.objects(Role.class))
                .filteredOn(role -> role.getMetadata().getName().equals("demo-deletion-cost"))
                .singleElement()
                .satisfies(role -> assertThat(role.getRules()).singleElement().satisfies(rule -> {
                    assertThat(rule.getApiGroups()).containsExactly("");
                    assertThat(rule.getResources()).containsExactly("pods");
                    assertThat(rule.getVerbs()).containsExactly("patch");
                }));
        assertThat(chart.objects(RoleBinding.class))
                .filteredOn(binding -> binding.getMetadata().getName().equals("demo-deletion-cost"))
                .singleElement()
                .satisfies(binding -> assertThat(binding.getSubjects())
                        .extracting(Subject::getName)
                        .containsExactly("demo-gateway"));
    }

    @Test
    void shouldRouteTheApisAndNothingElse() {
        RenderedChart chart = RenderedChart.of(
                "default",
                Map.of(
                        "gateway.ingress.enabled", "true",
                        "gateway.ingress.className", "nginx",
                        "gateway.ingress.hosts[0]", "llava.example",
                        "gateway.ingress.tls[0].secretName", "llava-tls",
                        "gateway.ingress.tls[0].hosts[0]", "llava.example",
                        "gateway.httpRoute.enabled", "true",
                        "gateway.httpRoute.parentRefs[0].name", "public",
                        "gateway.httpRoute.hostnames[0]", "llava.example",
                        "gateway.grpcRoute.enabled", "true",
                        "gateway.grpcRoute.parentRefs[0].name", "public"));
        Ingress ingress = chart.objects(Ingress.class).getFirst();
        assertThat(ingress.getSpec().getIngressClassName()).isEqualTo("nginx");
        assertThat(ingress.getSpec().getTls().getFirst().getSecretName()).isEqualTo("llava-tls");
        assertThat(ingress.getSpec().getRules().getFirst().getHttp().getPaths())
                .singleElement()
                .satisfies(path -> {
                    assertThat(path.getPath()).isEqualTo("/v1");
                    assertThat(path.getBackend().getService().getName()).isEqualTo("demo-gateway");
                });
        assertThat(chart.manifest("HTTPRoute"))
                .contains("- llava.example", "value: /v1}", "- {name: demo-gateway, port: 80}");
        assertThat(chart.manifest("GRPCRoute"))
                .contains("service: llava.v1.Llava}", "- {name: demo-gateway, port: 9000}");
    }

    @Test
    void shouldTestTheReleaseWithItsOwnImage() {
        RenderedChart chart = RenderedChart.of("default", Map.of("networkPolicies.clients[0].podSelector.a", "b"));
        Pod test = chart.objects(Pod.class).getFirst();
        assertThat(test.getMetadata().getAnnotations()).containsEntry("was.helm.sh/hook", "test");
        Container container = test.getSpec().getContainers().getFirst();
        assertThat(container.getImage())
                .isEqualTo(chart.deployment("gateway")
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage());
        assertThat(container.getCommand())
                .containsSubsequence(
                        "/opt/java/bin/java",
                        "org.llavacluster.kubernetes.ReleaseCheck",
                        "http://demo-gateway:80",
                        "120");
        // The gateway is open to it, also where only some clients are named.
        assertThat(chart.objects(NetworkPolicy.class))
                .filteredOn(policy -> policy.getMetadata().getName().equals("demo-gateway"))
                .singleElement()
                .satisfies(policy -> assertThat(
                                policy.getSpec().getIngress().getFirst().getFrom())
                        .anyMatch(peer -> peer.getPodSelector().getMatchLabels() != null
                                && matches(
                                        peer.getPodSelector().getMatchLabels(),
                                        test.getMetadata().getLabels())));
    }

    @Test
    void shouldShipADashboardThatGrafanasSidecarFinds() throws IOException {
        RenderedChart chart = RenderedChart.of("default", Map.of("monitoring.dashboard", "true"));
        ConfigMap map = chart.objects(ConfigMap.class).stream()
                .filter(each -> each.getMetadata().getName().equals("demo-dashboard"))
                .findFirst()
                .orElseThrow();
        assertThat(map.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1");
        JsonNode dashboard = new ObjectMapper().readTree(map.getData().get("llava-cluster.json"));
        assertThat(dashboard.get("panels")).hasSizeGreaterThan(8);
        assertThat(dashboard.get("panels").findValuesAsText("expr"))
                .allMatch(expression -> expression.contains("$namespace") && expression.contains("$release"));
    }

    @Test
    void shouldNameTheServicesAsTheProcessesLookForThem() {
        RenderedChart chart = RenderedChart.of("default", Map.of("fullnameOverride", "other"));
        assertThat(chart.objects(Service.class))
                .extracting(service -> service.getMetadata().getName())
                .containsExactlyInAnyOrder("other-vision", "other-projector", "other-decoder", "other-gateway");
        assertThat(chart.objects(ConfigMap.class))
                .filteredOn(map -> !map.getMetadata().getName().equals("other-vision"))
                .hasSize(3)
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
