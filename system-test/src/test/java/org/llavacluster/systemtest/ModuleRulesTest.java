package org.llavacluster.systemtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llavacluster.systemtest.harness.Launcher;

/** Which module may know which: the arrows of docs/ARCHITECTURE.md. */
class ModuleRulesTest {

    /** Module package -> the packages of the project that it may use. */
    private static final Map<String, List<String>> ALLOWED = Map.ofEntries(
            Map.entry("proto", List.of()),
            Map.entry("modelio", List.of()),
            Map.entry("engine", List.of()),
            Map.entry("engine.tensorflow", List.of("engine")),
            Map.entry("model", List.of("engine", "modelio")),
            Map.entry("training", List.of("model", "engine", "modelio")),
            Map.entry("scheduling", List.of()),
            Map.entry("simulator", List.of("scheduling")),
            Map.entry("autoscaling", List.of()),
            Map.entry("node", List.of("proto")),
            Map.entry("kubernetes", List.of("node")),
            Map.entry("worker", List.of("node", "proto", "model", "modelio", "engine", "engine.tensorflow")),
            Map.entry("vision", List.of("worker", "node", "proto", "model", "modelio", "engine")),
            Map.entry("projector", List.of("worker", "node", "proto", "model", "modelio", "engine")),
            Map.entry("decoder", List.of("worker", "node", "proto", "model", "modelio", "engine")),
            Map.entry("gateway", List.of("scheduling", "autoscaling", "kubernetes", "node", "proto", "modelio")),
            Map.entry("benchmarks", List.of("engine")),
            Map.entry(
                    "cli",
                    List.of("simulator", "scheduling", "node", "proto", "training", "model", "modelio", "engine")));

    private static final Map<String, String> MODULE_OF_PACKAGE = Map.of(
            "engine.tensorflow", "engine-tensorflow",
            "modelio", "model-io",
            "vision", "vision-service",
            "projector", "projector-service",
            "decoder", "decoder-service");

    private static JavaClasses classes;

    @BeforeAll
    static void importAllModules() {
        classes = new ClassFileImporter()
                .importPaths(ALLOWED.keySet().stream()
                        .map(name -> Launcher.root()
                                .resolve(MODULE_OF_PACKAGE.getOrDefault(name, name))
                                .resolve("target/classes"))
                        .toList());
    }

    @Test
    void shouldOnlyDependAlongTheArrows() {
        ALLOWED.forEach((module, allowed) -> {
            String[] forbidden = ALLOWED.keySet().stream()
                    .filter(other -> !other.equals(module) && !allowed.contains(other))
                    .flatMap(ModuleRulesTest::packagesOf)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAnyPackage(packagesOf(module).toArray(String[]::new))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .because(module + " may use " + allowed)
                    .check(classes);
        });
    }

    @Test
    void shouldKeepTensorFlowInOneModule() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.llavacluster.engine.tensorflow..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.tensorflow..", "org.bytedeco..")
                .check(classes);
    }

    /** Benchmarks time real work, below the module that has the clock. */
    @Test
    void shouldReadTheTimeInOneClassAndNeverSleep() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.llavacluster.node.time.Clock$1")
                .and()
                .resideOutsideOfPackages("org.llavacluster..bench..", "org.llavacluster.benchmarks.jmh_generated..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(classes);
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)
                .check(classes);
    }

    @Test
    void shouldKeepTensorsOutOfTheGatewaysClassPath() throws IOException {
        Path libraries = Launcher.root().resolve("gateway/target/quarkus-app/lib");
        try (Stream<Path> files = Files.walk(libraries)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            assertThat(names).anyMatch(name -> name.startsWith("org.llavacluster.model-io-"));
            assertThat(names)
                    .noneMatch(name -> name.contains("tensorflow")
                            || name.contains("javacpp")
                            || name.startsWith("org.llavacluster.engine")
                            || name.matches("org\\.llavacluster\\.model-\\d.*"));
        }
    }

    /** {@code engine} means its own packages without those of the backend module that share its prefix. */
    private static Stream<String> packagesOf(String module) {
        return module.equals("engine")
                ? Stream.of(
                        "org.llavacluster.engine",
                        "org.llavacluster.engine.program..",
                        "org.llavacluster.engine.training..",
                        "org.llavacluster.engine.reference..",
                        "org.llavacluster.engine.simd..")
                : Stream.of("org.llavacluster." + module + "..");
    }
}
