package org.llavacluster.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reads the archives that the build has just written. */
class ImageLayoutTest {

    private static final Path FOLDER = Path.of("target/images");
    private static final List<String> WORKERS = List.of("vision", "projector", "decoder");
    private static final List<String> SERVICES = List.of("vision", "projector", "decoder", "gateway");

    /** What a node stores for all four images, and what a change of the project's own code re-ships of one, at most. */
    private static final long UNPACKED_MB = 680;

    private static final long CHANGED_MB = 25;

    private static final Map<String, OciArchive> IMAGES = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        for (String service : SERVICES) {
            IMAGES.put(service, OciArchive.read(FOLDER.resolve(service + ".tar")));
        }
    }

    @Test
    void shouldStartTheJvmDirectlyAsAUserThatIsNotRoot() {
        for (String service : SERVICES) {
            JsonNode config = IMAGES.get(service).config().get("config");
            assertThat(config.get("User").asText()).as(service).isEqualTo(ImageBuild.USER);
            assertThat(config.get("Entrypoint").get(0).asText()).isEqualTo("/opt/java/bin/java");
            assertThat(config.get("Entrypoint").toString()).doesNotContain("/bin/sh");
            List<String> variables = new ArrayList<>();
            config.get("Env").forEach(variable -> variables.add(variable.asText()));
            assertThat(variables).contains("LLAVA_NODE_PORT=9000", "QUARKUS_HTTP_PORT=8080", "LLAVA_MODEL=/app/model");
        }
    }

    @Test
    void shouldHoldTheServiceItsClassArchiveAndNoShell() {
        for (String service : SERVICES) {
            Set<String> files = new HashSet<>();
            IMAGES.get(service).layers().forEach(layer -> files.addAll(layer.files()));
            assertThat(files)
                    .as(service)
                    .contains("app/quarkus-run.jar", "app/classes.jsa", "app/model/config.json", "opt/java/bin/java")
                    .noneMatch(file -> file.matches("\\.?/?(usr/)?bin/(sh|bash|dash)"));
        }
    }

    @Test
    void shouldShareTheLayersThatSeveralImagesHave() {
        Set<String> common = digests("gateway");
        WORKERS.forEach(worker -> common.retainAll(digests(worker)));
        // The system, the runtime, the common libraries and the test model.
        assertThat(common).hasSize(4);

        Set<String> shared = digests("vision");
        WORKERS.forEach(worker -> shared.retainAll(digests(worker)));
        shared.removeAll(common);
        // The natives, the libraries and the project's code of the workers.
        assertThat(shared).hasSize(3);
        for (String worker : WORKERS) {
            OciArchive.Layer largest = IMAGES.get(worker).layers().stream()
                    .max((a, b) -> Long.compare(a.bytes(), b.bytes()))
                    .orElseThrow();
            assertThat(shared).as(worker).contains(largest.digest());
        }
    }

    @Test
    void shouldTakeLittleRoomOnANodeAndChangeInSmallLayers() {
        Map<String, Long> sizes = new HashMap<>();
        Map<String, Integer> users = new HashMap<>();
        for (String service : SERVICES) {
            for (OciArchive.Layer layer : IMAGES.get(service).layers()) {
                sizes.put(layer.digest(), layer.bytes());
                users.merge(layer.digest(), 1, Integer::sum);
            }
        }
        long unpacked = sizes.values().stream().mapToLong(Long::longValue).sum() / 1_000_000;
        assertThat(unpacked).as("MB of all four images").isLessThanOrEqualTo(UNPACKED_MB);
        for (String service : SERVICES) {
            long changed = IMAGES.get(service).layers().stream()
                    .filter(layer -> layer.files().stream()
                            .anyMatch(file -> file.startsWith("app/lib/org.llavacluster.")
                                    || file.equals("app/quarkus-run.jar")
                                    || file.equals("app/classes.jsa")))
                    .mapToLong(OciArchive.Layer::packedBytes)
                    .sum();
            assertThat(changed / 1_000_000).as("MB that change of %s", service).isLessThanOrEqualTo(CHANGED_MB);
        }
    }

    private static Set<String> digests(String service) {
        Set<String> digests = new HashSet<>();
        IMAGES.get(service).layers().forEach(layer -> digests.add(layer.digest()));
        return digests;
    }
}
