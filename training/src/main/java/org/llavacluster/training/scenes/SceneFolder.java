package org.llavacluster.training.scenes;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.llavacluster.model.checkpoint.NewFolder;

/**
 * A folder of made-up scenes: {@code images/}, and COCO's {@code instances.json} and {@code captions.json}. The
 * annotations appear when all images are there. Equal settings give equal bytes.
 */
public final class SceneFolder {

    /** The boxes. */
    public static final String INSTANCES = "instances.json";

    /** Five captions of each image. */
    public static final String CAPTIONS = "captions.json";

    /** The folder of the images. */
    public static final String IMAGES = "images";

    private static final JsonFactory JSON = new JsonFactory();

    private final Path folder;
    private final SceneSplit split;
    private final long seed;
    private final ThingCatalogue catalogue = ThingCatalogue.load();
    private final ScenePlanner planner;
    private final ScenePainter painter = new ScenePainter(catalogue);

    /**
     * @param side pixels of a scene before a camera's crop and scale
     */
    public SceneFolder(Path folder, SceneSplit split, int side, long seed) {
        this.folder = folder;
        this.split = split;
        this.seed = seed;
        this.planner = new ScenePlanner(catalogue, side);
    }

    /**
     * Makes the scenes.
     *
     * @param progress is called after each
     * @throws FileSystemException if the folder is not empty
     */
    public void write(int count, IntConsumer progress) throws IOException {
        new NewFolder(folder).requireFree();
        Files.createDirectories(folder);
        Path images = Files.createDirectory(folder.resolve(IMAGES));
        Path instances = folder.resolve(INSTANCES + ".partial");
        Path captions = folder.resolve(CAPTIONS + ".partial");
        try (AnnotationWriter boxes = new AnnotationWriter(instances);
                AnnotationWriter sentences = new AnnotationWriter(captions)) {
            boxes.categories(catalogue.kinds());
            for (int n = 1; n <= count; n++) {
                Photograph photograph = photograph(n);
                String file = "%012d.jpg".formatted(n);
                Files.write(images.resolve(file), photograph.jpeg());
                DescribedImage image = DescribedImage.of(n, file, photograph.scene());
                boxes.image(image);
                sentences.image(image);
                progress.accept(n);
            }
            boxes.startAnnotations();
            sentences.startAnnotations();
            for (int n = 1; n <= count; n++) {
                Scene scene = seen(n).scene();
                boxes.boxes(n, scene.things());
                sentences.captions(n, new SceneGrammar(DescribedImage.of(n, "", scene)).captions(random(~n)));
            }
            boxes.end();
            sentences.end();
        }
        Files.move(captions, folder.resolve(CAPTIONS), StandardCopyOption.ATOMIC_MOVE);
        Files.move(instances, folder.resolve(INSTANCES), StandardCopyOption.ATOMIC_MOVE);
    }

    /** A scene as a photograph shows it, and how that photograph is taken of the scene as planned. */
    private record Seen(Scene planned, PhotographDistortion distortion, Scene scene) {}

    /** A file with what it shows. */
    private record Photograph(byte[] jpeg, Scene scene) {}

    private Photograph photograph(int number) throws IOException {
        Seen seen = seen(number);
        return new Photograph(seen.distortion().photograph(painter.paint(seen.planned())), seen.scene());
    }

    private Seen seen(int number) {
        SplittableRandom random = random(number);
        while (true) {
            Scene planned = planner.plan(random);
            PhotographDistortion distortion = PhotographDistortion.draw(random, planned);
            Scene scene = distortion.applyTo(planned);
            if (split.holds(scene)) {
                return new Seen(planned, distortion, scene);
            }
        }
    }

    /** Each scene has a random sequence of its own. */
    private SplittableRandom random(int number) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + number);
    }

    /** One of COCO's files, written as it comes. */
    private static final class AnnotationWriter implements AutoCloseable {

        private final JsonGenerator json;
        private long annotation;
        private boolean listsImages;

        AnnotationWriter(Path file) throws IOException {
            json = JSON.createGenerator(file.toFile(), JsonEncoding.UTF8);
            json.writeStartObject();
            json.writeObjectFieldStart("info");
            json.writeStringField("description", "Made-up scenes of LLaVA Cluster with artwork of Noto Emoji");
            json.writeEndObject();
        }

        void categories(List<ThingKind> kinds) throws IOException {
            json.writeArrayFieldStart("categories");
            for (ThingKind kind : kinds) {
                json.writeStartObject();
                json.writeNumberField("id", kind.id());
                json.writeStringField("name", kind.singular());
                json.writeStringField("plural", kind.plural());
                json.writeStringField("supercategory", kind.category().word());
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        void image(DescribedImage image) throws IOException {
            if (!listsImages) {
                json.writeArrayFieldStart("images");
                listsImages = true;
            }
            json.writeStartObject();
            json.writeNumberField("id", image.id());
            json.writeStringField("file_name", image.file());
            json.writeNumberField("width", image.width());
            json.writeNumberField("height", image.height());
            json.writeStringField("backdrop", image.backdrop().orElseThrow());
            json.writeEndObject();
        }

        void startAnnotations() throws IOException {
            json.writeEndArray();
            json.writeArrayFieldStart("annotations");
        }

        void boxes(long image, List<SceneThing> things) throws IOException {
            for (SceneThing thing : things) {
                json.writeStartObject();
                json.writeNumberField("id", ++annotation);
                json.writeNumberField("image_id", image);
                json.writeNumberField("category_id", thing.kind().id());
                ThingBox box = thing.box();
                json.writeFieldName("bbox");
                json.writeArray(new int[] {box.x(), box.y(), box.width(), box.height()}, 0, 4);
                json.writeNumberField("area", box.area());
                json.writeNumberField("iscrowd", 0);
                if (thing.colour().isPresent()) {
                    json.writeObjectFieldStart("attributes");
                    json.writeStringField("color", thing.colour().get().word());
                    json.writeEndObject();
                }
                json.writeEndObject();
            }
        }

        void captions(long image, List<String> captions) throws IOException {
            for (String caption : captions) {
                json.writeStartObject();
                json.writeNumberField("id", ++annotation);
                json.writeNumberField("image_id", image);
                json.writeStringField("caption", caption);
                json.writeEndObject();
            }
        }

        void end() throws IOException {
            json.writeEndArray();
            json.writeEndObject();
        }

        @Override
        public void close() throws IOException {
            json.close();
        }
    }
}
