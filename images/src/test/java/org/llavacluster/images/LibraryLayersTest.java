package org.llavacluster.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LibraryLayersTest {

    private static List<ImageLibrary> libraries(String... names) {
        return Stream.of(names)
                .map(name -> new ImageLibrary(name, Path.of("lib", name)))
                .toList();
    }

    @Test
    void shouldShareWhatSeveralImagesHaveAndKeepTheProjectApart() {
        String natives = "org.tensorflow.tensorflow-core-native-1.1.0-linux-x86_64-gpu.jar";
        List<ImageLibrary> decoder = libraries("a.jar", "b.jar", "org.llavacluster.node-1.jar", natives);
        List<ImageLibrary> vision = libraries("a.jar", "b.jar", natives, "v.jar");
        List<ImageLibrary> gateway = libraries("a.jar", "g.jar", "org.llavacluster.node-1.jar");
        LibraryLayers layers = new LibraryLayers(List.of(decoder, vision, gateway));

        assertThat(layers.of(decoder).toString())
                .isEqualTo("{NATIVES=" + libraries(natives) + ", COMMON=" + libraries("a.jar") + ", SHARED="
                        + libraries("b.jar") + ", PROJECT=" + libraries("org.llavacluster.node-1.jar") + "}");
        assertThat(layers.of(vision).get(LibraryLayers.Kind.SHARED)).isEqualTo(libraries("b.jar"));
        assertThat(layers.of(vision).get(LibraryLayers.Kind.OWN)).isEqualTo(libraries("v.jar"));
        assertThat(layers.of(gateway)).doesNotContainKeys(LibraryLayers.Kind.NATIVES, LibraryLayers.Kind.SHARED);
    }
}
