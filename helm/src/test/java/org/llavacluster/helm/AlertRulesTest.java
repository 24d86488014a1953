package org.llavacluster.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts as the chart renders them, by Prometheus's own tool. */
@Tag("promtool")
class AlertRulesTest {

    private static final Path PROMTOOL = Path.of("target/promtool").toAbsolutePath();

    @TempDir
    private Path folder;

    private void writeRules() throws IOException {
        KubernetesSerialization yaml = new KubernetesSerialization();
        String rules =
                RenderedChart.of("default", Map.of("monitoring.rules", "true")).manifest("PrometheusRule");
        Object spec = yaml.unmarshal(rules, Map.class).get("spec");
        Files.writeString(folder.resolve("rules.yaml"), yaml.asYaml(spec));
    }

    private void promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PROMTOOL.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @Test
    void shouldBeValid() throws IOException, InterruptedException {
        writeRules();
        promtool("check", "rules", "--lint=all", "--lint-fatal", "rules.yaml");
    }

    /** Each alert fires on the series that it is for, and none on those of a sound release. */
    @Test
    void shouldFireWhenTheyMust() throws IOException, InterruptedException {
        writeRules();
        Files.copy(Path.of("src/test/resources/alerts-test.yaml"), folder.resolve("alerts-test.yaml"));
        promtool("test", "rules", "alerts-test.yaml");
    }
}
