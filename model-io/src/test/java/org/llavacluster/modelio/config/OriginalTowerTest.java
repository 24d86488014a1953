package org.llavacluster.modelio.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.config.VisionConfig.Activation;

/** Where a folder of the original layout finds its CLIP model. */
final class OriginalTowerTest {

    @TempDir
    Path temp;

    private TestFolder model;

    @BeforeEach
    void makeModel() throws IOException {
        model = TestFolder.empty(temp.resolve("llava")).write("config.json", """
                        {"model_type": "llava_mistral", "image_aspect_ratio": "pad", "mm_projector_type": "mlp2x_gelu",
                         "mm_vision_tower": "openai/clip-vit-large-patch14-336"}
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "openai/clip-vit-large-patch14-336, 1024, 24, 16, 336, 14",
        "openai/clip-vit-large-patch14, 1024, 24, 16, 224, 14",
        "openai/clip-vit-base-patch16, 768, 12, 12, 224, 16",
        "openai/clip-vit-base-patch32, 768, 12, 12, 224, 32",
        "clip-vit-large-patch14-336, 1024, 24, 16, 336, 14",
        "/home/someone/models/clip-vit-large-patch14/, 1024, 24, 16, 224, 14",
        "C:\\models\\clip-vit-large-patch14, 1024, 24, 16, 224, 14",
    })
    void shouldKnowThePublishedTowers(String named, int hidden, int layers, int heads, int side, int patch)
            throws IOException {
        name(named);

        ModelFolder folder = model.open();

        assertThat(folder.visionTower()).isEmpty();
        assertThat(folder.config().vision())
                .isEqualTo(new VisionConfig(
                        hidden,
                        4 * hidden,
                        layers,
                        heads,
                        3,
                        side,
                        patch,
                        1e-5f,
                        Activation.QUICK_GELU,
                        List.of(layers - 1),
                        false));
        ImageConfig image = folder.config().image();
        assertThat(image.mode()).isEqualTo(Mode.PAD);
        assertThat(image.side()).isEqualTo(side);
        assertThat(image.shortestEdge()).isEqualTo(side);
        assertThat(image.mean()).containsExactly(0.48145466f, 0.4578275f, 0.40821073f);
        assertThat(image.std()).containsExactly(0.26862954f, 0.26130258f, 0.27577711f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../clip",
                "openai/clip",
                "clip",
                "/no/such/folder/clip",
            })
    void shouldFindAFolderByItsPathOrBesideTheModel(String named) throws IOException {
        Path clip = tower(temp.resolve("clip"));
        name(named);

        assertThat(model.open().visionTower().orElseThrow().toRealPath()).isEqualTo(clip.toRealPath());
        assertThat(model.open().config().vision().hiddenSize()).isEqualTo(80);
    }

    @Test
    void shouldPreferAFolderWithinToOneBeside() throws IOException {
        tower(temp.resolve("clip"));
        Path within = tower(model.path().resolve("clip"));
        name("openai/clip");

        assertThat(model.open().visionTower().orElseThrow().toRealPath()).isEqualTo(within.toRealPath());
    }

    /** A changed tower has the sizes in its own folder, whatever its name. */
    @Test
    void shouldPreferAFolderToWhatIsPublished() throws IOException {
        Path near = tower(temp.resolve("clip-vit-large-patch14-336"));
        assertThat(model.open().visionTower().orElseThrow().toRealPath()).isEqualTo(near.toRealPath());

        Path given = tower(temp.resolve("given"));
        assertThat(ModelFolder.open(model.path(), Optional.of(given)).visionTower())
                .contains(given);
    }

    @Test
    void shouldSayWhatToDoWithoutATower() throws IOException {
        name("google/siglip-so400m-patch14-384");
        assertRefused(
                "config.json: mm_vision_tower: \"google/siglip-so400m-patch14-384\" is not a folder here and none of"
                        + " openai/clip-vit-large-patch14-336, openai/clip-vit-large-patch14,"
                        + " openai/clip-vit-base-patch16,"
                        + " openai/clip-vit-base-patch32: pass --vision-tower with the CLIP folder");

        for (String odd : List.of("", "/", "..", "a\0b")) {
            model.set("config.json", "mm_vision_tower", "\"" + odd.replace("\0", "\\u0000") + "\"");
            assertThatThrownBy(model::open).as("tower '%s'", odd).isInstanceOf(ModelFormatException.class);
        }

        model.set("config.json", "mm_vision_tower", null);
        assertRefused("config.json: mm_vision_tower: missing: pass --vision-tower with the CLIP folder");
    }

    private void name(String tower) throws IOException {
        model.set("config.json", "mm_vision_tower", "\"" + tower.replace("\\", "\\\\") + "\"");
    }

    private static Path tower(Path folder) throws IOException {
        return TestFolder.empty(folder).write("config.json", """
                        {"model_type": "clip_vision_model", "hidden_size": 80, "intermediate_size": 160,
                         "num_attention_heads": 5, "num_hidden_layers": 4, "image_size": 56, "patch_size": 14}
                        """).path();
    }

    private void assertRefused(String message) {
        assertThatThrownBy(model::open).isInstanceOf(ModelFormatException.class).hasMessage(message);
    }
}
