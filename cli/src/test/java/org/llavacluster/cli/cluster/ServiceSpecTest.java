package org.llavacluster.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceSpecTest {

    private static final List<String> PROPERTIES = List.of("llava.home", "llava.archives", "llava.class-lists");

    @TempDir
    private Path home;

    @BeforeEach
    void install() throws IOException {
        for (ServiceRole role : ServiceRole.values()) {
            Path jar = home.resolve(module(role) + "/target/quarkus-app/quarkus-run.jar");
            Files.createDirectories(jar.getParent());
            Files.createFile(jar);
        }
        System.setProperty("llava.home", home.toString());
    }

    @AfterEach
    void forget() {
        PROPERTIES.forEach(System::clearProperty);
    }

    @Test
    void shouldGiveVectorsToWhatComputesOnly() {
        assertThat(command(ServiceRole.DECODER)).contains("--add-modules=jdk.incubator.vector");
        assertThat(command(ServiceRole.GATEWAY)).doesNotContain("--add-modules=jdk.incubator.vector");
    }

    @Test
    void shouldStartFromItsArchiveWhereThereIsOne() throws IOException {
        System.setProperty("llava.archives", home.toString());
        Files.createFile(home.resolve("gateway.jsa"));

        assertThat(command(ServiceRole.GATEWAY)).contains("-XX:SharedArchiveFile=" + home.resolve("gateway.jsa"));
        assertThat(command(ServiceRole.DECODER)).noneMatch(option -> option.startsWith("-XX:SharedArchiveFile"));
    }

    @Test
    void shouldRecordItsClassesInsteadWhereTheyAreWanted() throws IOException {
        System.setProperty("llava.archives", home.toString());
        System.setProperty("llava.class-lists", "lists");
        Files.createFile(home.resolve("gateway.jsa"));

        assertThat(command(ServiceRole.GATEWAY))
                .contains("-XX:DumpLoadedClassList=" + Path.of("lists", "gateway.classlist"))
                .noneMatch(option -> option.startsWith("-XX:SharedArchiveFile"));
    }

    private static List<String> command(ServiceRole role) {
        return new ServiceSpec("some-0", role, Map.of("llava.model", "folder")).command();
    }

    private static String module(ServiceRole role) {
        return role == ServiceRole.GATEWAY ? "gateway" : role.name().toLowerCase(java.util.Locale.ROOT) + "-service";
    }
}
