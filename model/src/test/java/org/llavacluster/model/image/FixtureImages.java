package org.llavacluster.model.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.modelio.config.ImageConfig;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.image.Preprocess;

/**
 * Encoded images for tests: the fixtures, and the outputs of make_pictures.py and make_webps.py with the pixels that
 * Pillow and libwebp decode.
 */
final class FixtureImages {

    private static final String EXPECTED = "expected.tsv";
    private static final List<String> ARCHIVES = List.of("pictures", "webps");
    private static final List<Expected> EXPECTATIONS = new ArrayList<>();
    private static final Map<String, byte[]> MADE = made();

    private FixtureImages() {}

    /**
     * Pillow's result for an image.
     *
     * @param sha256 digest of the RGB bytes, hexadecimal
     */
    record Expected(String name, Preprocess preprocess, int width, int height, String sha256) {

        @Override
        public String toString() {
            return name + " " + preprocess;
        }
    }

    static List<Expected> expected() {
        return List.copyOf(EXPECTATIONS);
    }

    /** The names of the generated images. */
    static List<String> names() {
        return List.copyOf(MADE.keySet());
    }

    static byte[] made(String name) {
        return MADE.get(name).clone();
    }

    static byte[] fixture(String name) {
        try {
            return Files.readAllBytes(Fixture.path("images/" + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps channel values as they are: mean 0, deviation 1, no rescaling. */
    static ImageConfig plainConfig(Mode mode, int side) {
        return new ImageConfig(mode, side, side, 1, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f), List.of(), Merge.FLAT);
    }

    /** The whole canvas of an image, {@code [height, width, 3]}. */
    static byte[] canvas(DecodedImage decoded) {
        byte[] canvas = new byte[3 * decoded.width() * decoded.height()];
        byte[] line = new byte[3 * decoded.width()];
        for (int y = 0; y < decoded.height(); y++) {
            decoded.row(y, line);
            System.arraycopy(line, 0, canvas, y * line.length, line.length);
        }
        return canvas;
    }

    private static Map<String, byte[]> made() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String archive : ARCHIVES) {
            try (InputStream file = FixtureImages.class.getResourceAsStream("/pictures/" + archive + ".zip");
                    ZipInputStream zip = new ZipInputStream(file)) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    files.put(entry.getName(), zip.readAllBytes());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            EXPECTATIONS.addAll(expectations(files.remove(EXPECTED)));
        }
        return files;
    }

    private static List<Expected> expectations(byte[] table) {
        return new String(table, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("\t"))
                .map(row -> new Expected(
                        row[0],
                        Preprocess.valueOf(row[1].toUpperCase(Locale.ROOT)),
                        Integer.parseInt(row[2]),
                        Integer.parseInt(row[3]),
                        row[4]))
                .toList();
    }
}
