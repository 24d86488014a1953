package org.llavacluster.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.checkpoint.CheckpointTensors;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.modelio.config.ImageConfig;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.Preprocess;

final class ImagePreprocessorTest {

    private static final double TOLERANCE = 1e-6;
    private static final List<String> MODELS = Fixture.MODELS;
    private static final ImageLayout ONE_TILE = new ImageLayout(1, 0, 0, new int[36]);

    @ParameterizedTest
    @FieldSource("MODELS")
    void shouldWriteThePixelValuesOfTransformers(String model) {
        Fixture fixture = Fixture.open(model);
        ImageConfig config = fixture.config().image();
        ImageLayouts layouts = new ImageLayouts(fixture.config());
        ImagePreprocessor preprocessor = new ImagePreprocessor(config, Preprocess.REFERENCE);

        assertThat(fixture.images()).hasSizeGreaterThanOrEqualTo(7);
        for (String image : fixture.images()) {
            DecodedImage decoded = preprocessor.read(FixtureImages.fixture(image));
            ImageLayout layout = layouts.of(decoded.width(), decoded.height());
            float[] golden = fixture.golden(image + "/pixel_values").toFloats();

            assertClose(write(preprocessor, config, decoded, layout), golden, image);
        }
    }

    @ParameterizedTest
    @CsvSource({"natural, NATURAL, CROP", "pad, REFERENCE, PAD"})
    void shouldWriteThePixelValuesOfEveryFixture(String goldens, Preprocess preprocess, Mode mode) {
        ImageConfig config = llava15(mode, 84);
        ImagePreprocessor preprocessor = new ImagePreprocessor(config, preprocess);
        Map<String, HostTensor> tensors = CheckpointTensors.read(Fixture.path("preprocess-goldens.safetensors"));
        List<String> images = tensors.keySet().stream()
                .filter(name -> name.startsWith(goldens + "/"))
                .map(name -> name.substring(goldens.length() + 1))
                .toList();

        assertThat(images).hasSize(20);
        for (String image : images) {
            DecodedImage decoded = preprocessor.read(FixtureImages.fixture(image));

            assertClose(
                    write(preprocessor, config, decoded, ONE_TILE),
                    tensors.get(goldens + "/" + image).toFloats(),
                    image);
        }
    }

    /** For a 640 x 480 image drawn by a formula, with the side of the published checkpoints. */
    @ParameterizedTest
    @CsvSource({
        "CROP, 43134992, '53,242,116', '69,21,215', '229,107,161', -1.01854599, 1.87978280, 0.16930789, -0.78497106,"
                + " -0.14626591, 1.23581290",
        "PAD, 42044845, '122,116,104', '12,163,65', '232,106,162', -0.01125452, -0.01119600, -0.00133289, -1.61708140,"
                + " -0.16127367, -0.00133289"
    })
    void shouldWriteKnownValues(
            Mode mode,
            long sum,
            String first,
            String second,
            String third,
            float red,
            float green,
            float blue,
            float inside,
            float middle,
            float last) {
        ImageConfig config = llava15(mode, 336);
        ImagePreprocessor preprocessor = new ImagePreprocessor(config, Preprocess.REFERENCE);
        float[] values =
                write(preprocessor, config, preprocessor.read(FixtureImages.fixture("landscape.png")), ONE_TILE);
        int[] levels = levels(values, config);

        assertThat(Arrays.stream(levels).asLongStream().sum()).isEqualTo(sum);
        assertThat(pixel(levels, 0, 0)).isEqualTo(first);
        assertThat(pixel(levels, 100, 200)).isEqualTo(second);
        assertThat(pixel(levels, 167, 168)).isEqualTo(third);
        float[] chosen = {
            at(values, 0, 0, 0),
            at(values, 1, 0, 0),
            at(values, 2, 0, 0),
            at(values, 0, 100, 200),
            at(values, 1, 167, 168),
            at(values, 2, 335, 335)
        };
        assertClose(chosen, new float[] {red, green, blue, inside, middle, last}, mode.name());
    }

    @Test
    void shouldStretchAsTheBaseTileOfAnyResolutionIs() {
        Fixture fixture = Fixture.open("llava-1.6-tiny");
        ImageConfig config = llava15(Mode.STRETCH, 84);
        ImagePreprocessor preprocessor = new ImagePreprocessor(config, Preprocess.REFERENCE);
        for (String image : fixture.images()) {
            float[] golden = fixture.golden(image + "/pixel_values").toFloats();

            assertClose(
                    write(preprocessor, config, preprocessor.read(FixtureImages.fixture(image)), ONE_TILE),
                    Arrays.copyOf(golden, 3 * 84 * 84),
                    image);
        }
    }

    @Test
    void shouldPutASmallerCropInTheMiddleOfBlack() {
        ImageConfig plain = FixtureImages.plainConfig(Mode.CROP, 5);
        ImageConfig config = new ImageConfig(Mode.CROP, 5, 2, 1, plain.mean(), plain.std(), List.of(), Merge.FLAT);
        byte[] rgb = new byte[2 * 2 * 3];
        Arrays.fill(rgb, (byte) 200);

        float[] values = write(
                new ImagePreprocessor(config, Preprocess.REFERENCE), config, new DecodedImage(2, 2, rgb), ONE_TILE);

        assertThat(Arrays.copyOf(values, 25))
                .as("center_crop leaves the larger half of an odd rest at the top and the left")
                .containsExactly(
                        0, 0, 0, 0, 0, //
                        0, 0, 0, 0, 0, //
                        0, 0, 200, 200, 0, //
                        0, 0, 200, 200, 0, //
                        0, 0, 0, 0, 0);
    }

    @Test
    void shouldAnswerTheMostExtremeShapesInEveryMode() {
        for (Mode mode : List.of(Mode.CROP, Mode.STRETCH, Mode.PAD)) {
            ImageConfig config = llava15(mode, 84);
            ImagePreprocessor preprocessor = new ImagePreprocessor(config, Preprocess.NATURAL);
            for (int[] size : new int[][] {{1, 1}, {1, 1000}, {1000, 1}, {1, 65_535}, {65_535, 1}}) {
                byte[] rgb = new byte[size[0] * size[1] * 3];
                Arrays.fill(rgb, (byte) 100);
                float[] values = write(preprocessor, config, new DecodedImage(size[0], size[1], rgb), ONE_TILE);

                // The image's own level, mixed with the padding's 122 where it is padded.
                assertThat(levels(values, config)[42 * 84 + 42])
                        .as(mode + " of " + Arrays.toString(size))
                        .isBetween(100, mode == Mode.PAD ? 122 : 100);
            }
        }
    }

    @Test
    void shouldAnswerTheMostExtremeShapesInTiles() {
        Fixture fixture = Fixture.open("llava-1.6-tiny");
        ImageConfig config = fixture.config().image();
        ImageLayouts layouts = new ImageLayouts(fixture.config());
        ImagePreprocessor preprocessor = new ImagePreprocessor(config, Preprocess.NATURAL);
        for (int[] size : new int[][] {{1, 1}, {1, 1000}, {1000, 1}, {1, 65_535}, {65_535, 1}}) {
            DecodedImage decoded = new DecodedImage(size[0], size[1], new byte[size[0] * size[1] * 3]);
            float black = TileWriter.levels(config)[0];

            float[] values = write(preprocessor, config, decoded, layouts.of(size[0], size[1]));

            assertThat(values[0]).isEqualTo(black);
            assertThat(values[values.length - 1]).isEqualTo(TileWriter.levels(config)[2 * 256]);
        }
    }

    @Test
    void shouldRefuseADestinationOrALayoutThatDoesNotFit() {
        ImageConfig config = FixtureImages.plainConfig(Mode.CROP, 84);
        ImagePreprocessor preprocessor = new ImagePreprocessor(config, Preprocess.REFERENCE);
        DecodedImage decoded = new DecodedImage(1, 1, new byte[3]);
        MemorySegment tooSmall = MemorySegment.ofArray(new float[3 * 84 * 84 - 1]);
        MemorySegment threeTiles = MemorySegment.ofArray(new float[3 * 3 * 84 * 84]);

        assertThatThrownBy(() -> preprocessor.write(decoded, ONE_TILE, tooSmall))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> preprocessor.write(decoded, new ImageLayout(3, 1, 2, new int[0]), threeTiles))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static float[] write(
            ImagePreprocessor preprocessor, ImageConfig config, DecodedImage decoded, ImageLayout layout) {
        try (HostTensor pixels = HostTensor.heap(DType.F32, layout.tiles(), 3, config.side(), config.side())) {
            preprocessor.write(decoded, layout, pixels.bytes());
            return pixels.toFloats();
        }
    }

    private static ImageConfig llava15(Mode mode, int side) {
        ImageConfig tiny = Fixture.open("llava-1.5-tiny").config().image();
        return new ImageConfig(mode, side, side, tiny.rescaleFactor(), tiny.mean(), tiny.std(), List.of(), Merge.FLAT);
    }

    /** The 8-bit levels that values were computed from. */
    private static int[] levels(float[] values, ImageConfig config) {
        int[] levels = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            int channel = i / (values.length / 3);
            float level = (values[i] * config.std().get(channel) + config.mean().get(channel)) * 255;
            levels[i] = Math.round(level);
        }
        return levels;
    }

    private static String pixel(int[] levels, int y, int x) {
        int plane = levels.length / 3;
        int at = y * (int) Math.sqrt(plane) + x;
        return levels[at] + "," + levels[plane + at] + "," + levels[2 * plane + at];
    }

    private static float at(float[] values, int channel, int y, int x) {
        int side = (int) Math.sqrt(values.length / 3);
        return values[(channel * side + y) * side + x];
    }

    private static void assertClose(float[] actual, float[] golden, String what) {
        assertThat(actual).as(what).hasSameSizeAs(golden);
        double worst = 0;
        for (int i = 0; i < golden.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - golden[i]));
        }
        assertThat(worst).as("largest difference in " + what).isLessThanOrEqualTo(TOLERANCE);
    }
}
