package org.llavacluster.training.scenes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneFolderTest {

    private static final int SIDE = 160;

    @TempDir
    private Path folder;

    @Test
    void equalSeedsGiveEqualBytesAndOthersDoNot() throws IOException {
        Path one = write("one", SceneSplit.TRAIN, 12, 7);
        Path same = write("same", SceneSplit.TRAIN, 12, 7);
        Path other = write("other", SceneSplit.TRAIN, 12, 8);

        List<Path> files = files(one);
        assertEquals(14, files.size());
        assertEquals(files, files(same));
        for (Path file : files) {
            assertArrayEquals(Files.readAllBytes(one.resolve(file)), Files.readAllBytes(same.resolve(file)));
        }
        Path image = Path.of(SceneFolder.IMAGES, "000000000001.jpg");
        assertFalse(Arrays.equals(Files.readAllBytes(one.resolve(image)), Files.readAllBytes(other.resolve(image))));
    }

    @Test
    void imagesHaveTheSizesAndBoxesThatTheirAnnotationsName() throws IOException {
        Path scenes = write("scenes", SceneSplit.TRAIN, 40, 3);
        JsonNode instances = new ObjectMapper()
                .readTree(scenes.resolve(SceneFolder.INSTANCES).toFile());
        JsonNode captions =
                new ObjectMapper().readTree(scenes.resolve(SceneFolder.CAPTIONS).toFile());

        assertEquals(40, instances.get("images").size());
        assertEquals(200, captions.get("annotations").size());
        assertTrue(instances.get("categories").size() >= 100);
        for (JsonNode image : instances.get("images")) {
            BufferedImage read = ImageIO.read(scenes.resolve(SceneFolder.IMAGES)
                    .resolve(image.get("file_name").asText())
                    .toFile());
            assertEquals(image.get("width").asInt(), read.getWidth());
            assertEquals(image.get("height").asInt(), read.getHeight());
            int things = 0;
            for (JsonNode box : instances.get("annotations")) {
                if (box.get("image_id").equals(image.get("id"))) {
                    things++;
                    JsonNode edges = box.get("bbox");
                    assertTrue(edges.get(0).asInt() >= 0 && edges.get(1).asInt() >= 0, box::toString);
                    assertTrue(
                            edges.get(0).asInt() + edges.get(2).asInt() <= read.getWidth()
                                    && edges.get(1).asInt() + edges.get(3).asInt() <= read.getHeight(),
                            box::toString);
                }
            }
            assertTrue(things >= 1 && things <= Scene.MOST_THINGS, image::toString);
        }
    }

    @Test
    void paintedThingsFillTheirBoxesAndNothingElse() {
        ThingCatalogue catalogue = ThingCatalogue.load();
        SplittableRandom random = new SplittableRandom(5);
        for (int n = 0; n < 60; n++) {
            Scene scene = plain(new ScenePlanner(catalogue, SIDE).plan(random));
            BufferedImage image = new ScenePainter(catalogue).paint(scene);
            for (SceneThing thing : scene.things()) {
                ThingBox box = thing.box();
                int painted = 0;
                for (int y = box.y(); y < box.bottom(); y++) {
                    for (int x = box.x(); x < box.right(); x++) {
                        painted += isBackdrop(image, scene, x, y) ? 0 : 1;
                    }
                }
                assertTrue(painted > box.area() / 8, thing + " has " + painted + " pixels");
            }
            int outside = 0;
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    ThingBox pixel = new ThingBox(x, y, 1, 1);
                    boolean free = scene.things().stream()
                            .noneMatch(thing -> thing.box().isNear(pixel, 1));
                    outside += free && !isBackdrop(image, scene, x, y) ? 1 : 0;
                }
            }
            assertEquals(0, outside, scene::toString);
        }
    }

    @Test
    void noCombinationIsInBothSplits() {
        ThingCatalogue catalogue = ThingCatalogue.load();
        SplittableRandom random = new SplittableRandom(11);
        Set<String> train = new HashSet<>();
        Set<String> heldOut = new HashSet<>();
        for (int n = 0; n < 4000; n++) {
            Scene scene = new ScenePlanner(catalogue, SIDE).plan(random);
            assertTrue(SceneSplit.TRAIN.holds(scene) != SceneSplit.HELD_OUT.holds(scene), scene::toString);
            (SceneSplit.TRAIN.holds(scene) ? train : heldOut).add(SceneSplit.combination(scene));
        }
        assertTrue(heldOut.size() > 300 && train.size() > 2000, heldOut.size() + " and " + train.size());
        heldOut.retainAll(train);
        assertEquals(Set.of(), heldOut);
    }

    @Test
    void scenesOfASplitAreOfThatSplitAfterTheCamera() throws IOException {
        for (SceneSplit split : SceneSplit.values()) {
            Path scenes = write(split.name(), split, 30, 2);
            for (DescribedImage image : ImageAnnotations.read(List.of(scenes.resolve(SceneFolder.INSTANCES)))
                    .images()) {
                assertTrue(split.holds(scene(image)), image::toString);
            }
        }
    }

    @Test
    void manyScenesShowAllKindsCountsAndPlaces() {
        ThingCatalogue catalogue = ThingCatalogue.load();
        SplittableRandom random = new SplittableRandom(1);
        Set<String> kinds = new HashSet<>();
        Set<Integer> totals = new TreeSet<>();
        Set<ImagePlace> places = new TreeSet<>();
        Set<SceneColour> colours = new TreeSet<>();
        for (int n = 0; n < 3000; n++) {
            Scene scene = new ScenePlanner(catalogue, SIDE).plan(random);
            totals.add(scene.things().size());
            for (SceneThing thing : scene.things()) {
                kinds.add(thing.kind().singular());
                places.add(ImagePlace.of(thing.box(), SIDE, SIDE));
                thing.colour().ifPresent(colours::add);
            }
        }
        assertEquals(catalogue.kinds().size(), kinds.size());
        assertEquals(Set.of(1, 2, 3, 4, 5, 6), totals);
        assertEquals(Set.of(ImagePlace.values()), places);
        assertEquals(Set.of(SceneColour.values()), colours);
    }

    @Test
    void aFolderThatIsNotEmptyIsRefused() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "mine");
        FileSystemException refused = assertThrows(
                FileSystemException.class, () -> new SceneFolder(folder, SceneSplit.TRAIN, SIDE, 1).write(1, _ -> {}));
        assertTrue(refused.getMessage().endsWith("is not empty"), refused.getMessage());
    }

    /** On one colour that no thing has, so that each pixel is the backdrop's or a thing's. */
    private static Scene plain(Scene scene) {
        return new Scene(scene.width(), scene.height(), Backdrop.LAVENDER, scene.height(), scene.things());
    }

    private static boolean isBackdrop(BufferedImage image, Scene scene, int x, int y) {
        return (image.getRGB(x, y) & 0xffffff) == scene.backdrop().top();
    }

    private static Scene scene(DescribedImage image) {
        Backdrop backdrop = Stream.of(Backdrop.values())
                .filter(one -> one.phrase().equals(image.backdrop().orElseThrow()))
                .findAny()
                .orElseThrow();
        ThingCatalogue catalogue = ThingCatalogue.load();
        List<SceneThing> things = image.things().stream()
                .map(thing -> new SceneThing(
                        catalogue.kinds().stream()
                                .filter(kind ->
                                        kind.singular().equals(thing.name().singular()))
                                .findAny()
                                .orElseThrow(),
                        thing.name().colour().map(word -> SceneColour.valueOf(word.toUpperCase(Locale.ROOT))),
                        thing.box(),
                        false))
                .toList();
        return new Scene(image.width(), image.height(), backdrop, image.height(), things);
    }

    private Path write(String name, SceneSplit split, int count, long seed) throws IOException {
        Path out = folder.resolve(name);
        new SceneFolder(out, split, SIDE, seed).write(count, _ -> {});
        return out;
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(root::relativize)
                    .sorted()
                    .toList();
        }
    }
}
