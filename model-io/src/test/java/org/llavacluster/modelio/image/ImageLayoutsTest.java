package org.llavacluster.modelio.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.modelio.Fixtures;
import org.llavacluster.modelio.config.ImageConfig;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.config.ImageConfig.Resolution;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelConfig.Layout;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.config.VisionConfig;

final class ImageLayoutsTest {

    /** The canvases of the published LLaVA 1.6 checkpoints. */
    private static final List<Resolution> CANVASES = List.of(
            new Resolution(336, 672),
            new Resolution(672, 336),
            new Resolution(672, 672),
            new Resolution(1008, 336),
            new Resolution(336, 1008));

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"CROP", "STRETCH", "PAD"})
    void shouldMakeOneTileInOrder(Mode mode) {
        ImageLayout layout = new ImageLayouts(model(Layout.HUGGING_FACE, mode, Merge.FLAT, false)).of(640, 480);

        assertThat(layout.tiles()).isEqualTo(1);
        assertThat(layout.gridRows()).isZero();
        assertThat(layout.rowOrder()).isEqualTo(IntStream.range(0, 576).toArray());
    }

    @Test
    void shouldKeepTheClassRowInFront() {
        ImageLayouts layouts = new ImageLayouts(model(Layout.HUGGING_FACE, Mode.CROP, Merge.FLAT, true));

        assertThat(layouts.of(10, 10).rowOrder())
                .isEqualTo(IntStream.range(0, 577).toArray());
        assertThat(layouts.maxRows()).isEqualTo(577);
    }

    /** Section 3.3 of the model's description. */
    @ParameterizedTest
    @CsvSource({
        "480, 640, 2, 2, 2340",
        "640, 480, 2, 2, 2352",
        "336, 336, 1, 2, 1176",
        "1024, 1024, 2, 2, 2928",
        "899, 1024, 2, 2, 2634",
        "500, 1500, 1, 3, 2328",
        "768, 1365, 2, 2, 1948"
    })
    void shouldCountRowsOfKnownSizes(int height, int width, int gridRows, int gridColumns, int rows) {
        ImageLayout layout =
                anyResolution(Layout.HUGGING_FACE, Merge.SPATIAL_UNPAD).of(width, height);

        assertThat(layout.gridRows()).isEqualTo(gridRows);
        assertThat(layout.gridColumns()).isEqualTo(gridColumns);
        assertThat(layout.tiles()).isEqualTo(1 + gridRows * gridColumns);
        assertThat(layout.rows()).isEqualTo(rows);
    }

    /**
     * 2,000 sizes laid out by transformers 5.18, among them 40 for which the two roundings differ and some far beyond
     * 1:1000.
     */
    @Test
    void shouldAgreeWithTransformersOnManySizes() throws IOException {
        ImageLayouts huggingFace = anyResolution(Layout.HUGGING_FACE, Merge.SPATIAL_UNPAD);
        ImageLayouts original = anyResolution(Layout.ORIGINAL, Merge.SPATIAL_UNPAD);
        List<String> lines;
        try (InputStream table = getClass().getResourceAsStream("/image-layouts/llava-1.6.tsv")) {
            lines = new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .toList();
        }

        assertThat(lines).hasSize(2000);
        for (String line : lines) {
            int[] row =
                    Arrays.stream(line.split("\t")).mapToInt(Integer::parseInt).toArray();
            ImageLayout layout = huggingFace.of(row[1], row[0]);
            assertThat(new int[] {layout.gridRows() * 336, layout.gridColumns() * 336, layout.rows()})
                    .as(line)
                    .containsExactly(row[2], row[3], 576 + row[4] * (row[5] + 1));
            assertThat(original.of(row[1], row[0]).rows())
                    .as("original layout: " + line)
                    .isEqualTo(576 + row[6] * (row[7] + 1));
        }
    }

    @Test
    void shouldPutPatchesInReadingOrderWithNewlines() {
        // 2 x 2 tiles of 2 x 2 patches: rows 0 to 3 are the base tile's, 4 to 19 the grid's, 20 the newline.
        ImageLayouts layouts = new ImageLayouts(withTower(
                anyResolutionModel(Layout.HUGGING_FACE, Merge.SPATIAL_UNPAD, List.of(new Resolution(56, 56)), 28), 28));

        assertThat(layouts.of(56, 56).rowOrder())
                .containsExactly(
                        0, 1, 2, 3, //
                        4, 5, 8, 9, 20, //
                        6, 7, 10, 11, 20, //
                        12, 13, 16, 17, 20, //
                        14, 15, 18, 19, 20);
        assertThat(layouts.of(56, 28).rowOrder())
                .as("the first and the last row of patches are padding")
                .containsExactly(0, 1, 2, 3, 6, 7, 10, 11, 20, 12, 13, 16, 17, 20);
        assertThat(layouts.of(28, 56).rowOrder())
                .as("the first and the last column of patches are padding")
                .containsExactly(0, 1, 2, 3, 5, 8, 20, 7, 10, 20, 13, 16, 20, 15, 18, 20);
        assertThat(layouts.maxRows()).isEqualTo(24);
    }

    @Test
    void shouldMergeWithoutUnpadding() {
        List<Resolution> one = List.of(new Resolution(28, 56));

        ImageLayout spatial =
                new ImageLayouts(withTower(anyResolutionModel(Layout.ORIGINAL, Merge.SPATIAL, one, 28), 28)).of(28, 56);
        ImageLayout flat =
                new ImageLayouts(withTower(anyResolutionModel(Layout.ORIGINAL, Merge.FLAT, one, 28), 28)).of(28, 56);

        assertThat(spatial.rowOrder()).containsExactly(0, 1, 2, 3, 4, 5, 8, 9, 6, 7, 10, 11);
        assertThat(flat.rowOrder()).isEqualTo(IntStream.range(0, 12).toArray());
    }

    @Test
    void shouldKnowTheMostRowsOfAnyImage() {
        assertThat(anyResolution(Layout.HUGGING_FACE, Merge.SPATIAL_UNPAD).maxRows())
                .isEqualTo(2928);
        assertThat(anyResolution(Layout.HUGGING_FACE, Merge.FLAT).maxRows()).isEqualTo(5 * 576);
    }

    @Test
    void shouldRefuseAClassRowAmongMergedTiles() {
        ModelConfig full = model(Layout.HUGGING_FACE, Mode.ANY_RESOLUTION, Merge.SPATIAL_UNPAD, true);

        assertThatThrownBy(() -> new ImageLayouts(full))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("vision_feature_select_strategy");
        assertThat(new ImageLayouts(model(Layout.ORIGINAL, Mode.ANY_RESOLUTION, Merge.FLAT, true))
                        .of(672, 672)
                        .rows())
                .isEqualTo(5 * 577);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llava-1.5-tiny", "llava-1.5-tiny-bf16-sharded"})
    void shouldCountWhatTheLlava15FixturesCount(String model) throws IOException {
        ImageLayouts layouts = new ImageLayouts(Fixtures.model(model).config());
        JsonNode goldens = goldens(model);

        for (JsonNode golden : goldens.get("cases")) {
            for (JsonNode picture : golden.get("images")) {
                assertThat(layoutOf(layouts, picture.asText()).rows())
                        .as(picture.asText())
                        .isEqualTo(goldens.get("image_tokens").asInt());
            }
        }
    }

    @Test
    void shouldCountWhatTheLlava16FixtureCounts() throws IOException {
        ImageLayouts layouts = new ImageLayouts(Fixtures.model("llava-1.6-tiny").config());
        int images = 0;
        for (JsonNode golden : goldens("llava-1.6-tiny").get("cases")) {
            for (int i = 0; i < golden.get("images").size(); i++, images++) {
                String name = golden.get("images").get(i).asText();
                assertThat(layoutOf(layouts, name).rows())
                        .as(name)
                        .isEqualTo(golden.get("image_tokens").get(i).asInt());
            }
        }
        assertThat(images).isEqualTo(9);
    }

    private static JsonNode goldens(String model) throws IOException {
        return new ObjectMapper()
                .readTree(Fixtures.path(model + "/goldens.json").toFile());
    }

    private static ImageLayout layoutOf(ImageLayouts layouts, String picture) throws IOException {
        ImageHeader header = ImageHeader.read(ByteBuffer.wrap(Files.readAllBytes(Fixtures.path("images/" + picture))));
        return layouts.of(header.displayWidth(), header.displayHeight());
    }

    private static ImageLayouts anyResolution(Layout layout, Merge merge) {
        return new ImageLayouts(model(layout, Mode.ANY_RESOLUTION, merge, false));
    }

    private static ModelConfig model(Layout layout, Mode mode, Merge merge, boolean keepClassRow) {
        ModelConfig tiny = Fixtures.model("llava-1.5-tiny").config();
        ImageConfig image = new ImageConfig(
                mode, 336, 336, 1 / 255.0, tiny.image().mean(), tiny.image().std(), CANVASES, merge);
        return with(tiny, layout, tower(336, keepClassRow), image);
    }

    private static ModelConfig anyResolutionModel(Layout layout, Merge merge, List<Resolution> canvases, int side) {
        ModelConfig tiny = Fixtures.model("llava-1.5-tiny").config();
        ImageConfig image = new ImageConfig(
                Mode.ANY_RESOLUTION,
                side,
                side,
                1 / 255.0,
                tiny.image().mean(),
                tiny.image().std(),
                canvases,
                merge);
        return with(tiny, layout, tiny.vision(), image);
    }

    private static ModelConfig withTower(ModelConfig model, int side) {
        return with(model, model.layout(), tower(side, false), model.image());
    }

    private static ModelConfig with(ModelConfig model, Layout layout, VisionConfig vision, ImageConfig image) {
        return new ModelConfig(
                model.name(),
                layout,
                model.family(),
                vision,
                model.projector(),
                model.decoder(),
                image,
                model.imageTokenId());
    }

    private static VisionConfig tower(int side, boolean keepClassRow) {
        return new VisionConfig(
                48, 96, 4, 3, 3, side, 14, 1e-5f, VisionConfig.Activation.QUICK_GELU, List.of(3), keepClassRow);
    }
}
