package org.llavacluster.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What Helm makes of the chart. */
record RenderedChart(String text) {

    static final Path FOLDER = Path.of("llava-cluster");

    /** The chart's own profiles; the first is that of its defaults. */
    static final List<String> PROFILES = List.of("default", "small", "gpu", "production");

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    /** Renders a profile with values set on top. */
    static RenderedChart of(String profile, Map<String, String> values) {
        TemplateCommand command = new Helm(FOLDER)
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
}
