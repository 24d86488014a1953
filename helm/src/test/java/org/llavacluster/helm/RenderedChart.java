package org.llavacluster.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What Helm makes of the chart. */
record RenderedChart(String text) {

    static final Path FOLDER = Path.of("llava-cluster");

    /** The chart's own profiles; the first is that of its defaults. */
    static final List<String> PROFILES = List.of("default", "small", "gpu", "production");

    /** A copy in which the pod of {@code helm test} is no hook: the library renders no hooks. */
    private static final Path WITHOUT_HOOKS = withoutHooks();

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private static Path withoutHooks() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            Path copy = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "chart");
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(FOLDER.relativize(file));
                Files.createDirectories(target.getParent());
                Files.writeString(target, Files.readString(file).replace("helm.sh/hook", "was.helm.sh/hook"));
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Renders a profile with values set on top. */
    static RenderedChart of(String profile, Map<String, String> values) {
        TemplateCommand command = new Helm(WITHOUT_HOOKS)
                .template()
                .withName("demo")
                .withNamespace("shop")
                .withKubeVersion("1.35.0");
        if (!profile.equals("default")) {
            command = command.withValuesFile(FOLDER.resolve("values-" + profile + ".yaml"));
        }
        for (Map.Entry<String, String> value : values.entrySet()) {
            command = command.set(value.getKey(), value.getValue());
        }
        return new RenderedChart(command.call());
    }

    List<HasMetadata> objects() {
        List<HasMetadata> objects = new ArrayList<>();
        for (String document : text.split("(?m)^---$")) {
            if (document.contains("kind:")) {
                objects.add((HasMetadata) YAML.unmarshal(document));
            }
        }
        return objects;
    }

    <T extends HasMetadata> List<T> objects(Class<T> kind) {
        return objects().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    Deployment deployment(String role) {
        return objects(Deployment.class).stream()
                .filter(deployment -> deployment.getMetadata().getName().equals("demo-" + role))
                .findFirst()
                .orElseThrow();
    }

    /** The environment of a role's, or of a role's and a pool's, containers from their ConfigMap. */
    Map<String, String> configuration(String role) {
        return objects(ConfigMap.class).stream()
                .filter(map -> map.getMetadata().getName().equals("demo-" + role))
                .findFirst()
                .orElseThrow()
                .getData();
    }

    /** What changes with that environment. */
    String environmentDigest(String role) {
        return deployment(role)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get("llavacluster.org/environment");
    }

    /** The manifest of the only object of a kind. */
    String manifest(String kind) {
        return Stream.of(text.split("(?m)^---$"))
                .filter(document -> document.contains("\nkind: " + kind + "\n"))
                .reduce((first, second) -> {
                    throw new IllegalStateException("there are several objects of kind " + kind);
                })
                .orElseThrow();
    }
}
