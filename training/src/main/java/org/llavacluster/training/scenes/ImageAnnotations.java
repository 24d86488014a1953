package org.llavacluster.training.scenes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.training.data.TrainingDataException;

/**
 * Captions and boxes of images in COCO's format. Three fields go beyond it and may be missing: {@code plural} of a
 * category, {@code color} in the {@code attributes} of a box, and {@code backdrop} of an image.
 */
public final class ImageAnnotations {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Long, ThingName> categories = new LinkedHashMap<>();
    private final Map<Long, JsonNode> images = new LinkedHashMap<>();
    private final Map<Long, List<DescribedThing>> things = new HashMap<>();
    private final Map<Long, List<String>> captions = new HashMap<>();

    private ImageAnnotations() {}

    /**
     * Reads files about the same images: instances, captions, or both.
     *
     * @throws TrainingDataException naming the file and the field that is missing or wrong
     */
    public static ImageAnnotations read(Collection<Path> files) {
        ImageAnnotations annotations = new ImageAnnotations();
        for (Path file : files) {
            try {
                annotations.add(JSON.readTree(file.toFile()));
            } catch (IOException e) {
                throw new TrainingDataException(file + ": cannot be read as JSON");
            } catch (IllegalArgumentException e) {
                throw new TrainingDataException(file + ": " + e.getMessage());
            }
        }
        return annotations;
    }

    /** Each caption with the file of its image, in the order of the files. */
    public record Caption(String image, String text) {}

    /** All captions. */
    public List<Caption> captions() {
        List<Caption> all = new ArrayList<>();
        for (DescribedImage image : images()) {
            image.captions().forEach(text -> all.add(new Caption(image.file(), text)));
        }
        return all;
    }

    /** In the order of the files. */
    List<DescribedImage> images() {
        return images.entrySet().stream()
                .map(entry -> image(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Of all categories. */
    List<ThingName> names() {
        return List.copyOf(categories.values());
    }

    /** The words for what things are. */
    List<String> categories() {
        return categories.values().stream().map(ThingName::category).distinct().toList();
    }

    private DescribedImage image(long id, JsonNode image) {
        return new DescribedImage(
                id,
                image.get("file_name").asText(),
                image.get("width").asInt(),
                image.get("height").asInt(),
                Optional.ofNullable(image.get("backdrop")).map(JsonNode::asText),
                things.getOrDefault(id, List.of()),
                captions.getOrDefault(id, List.of()));
    }

    private void add(JsonNode file) {
        for (JsonNode image : list(file, "images")) {
            field(image, "images", "file_name");
            field(image, "images", "width");
            field(image, "images", "height");
            images.put(field(image, "images", "id").asLong(), image);
        }
        for (JsonNode category : file.path("categories")) {
            String singular = field(category, "categories", "name").asText();
            categories.put(
                    field(category, "categories", "id").asLong(),
                    new ThingName(
                            singular,
                            category.path("plural").asText(singular + "s"),
                            category.path("supercategory").asText("thing"),
                            Optional.empty()));
        }
        for (JsonNode annotation : list(file, "annotations")) {
            long image = field(annotation, "annotations", "image_id").asLong();
            if (annotation.has("caption")) {
                captions.computeIfAbsent(image, _ -> new ArrayList<>())
                        .add(annotation.get("caption").asText().strip());
            } else if (annotation.path("iscrowd").asInt() == 0) {
                things.computeIfAbsent(image, _ -> new ArrayList<>()).add(thing(annotation));
            }
        }
    }

    private DescribedThing thing(JsonNode annotation) {
        long category = field(annotation, "annotations", "category_id").asLong();
        ThingName name = categories.get(category);
        if (name == null) {
            throw new IllegalArgumentException("annotations: category_id " + category + " is no category");
        }
        JsonNode box = field(annotation, "annotations", "bbox");
        if (box.size() != 4) {
            throw new IllegalArgumentException("annotations: bbox has " + box.size() + " numbers, not 4");
        }
        Optional<String> colour =
                Optional.ofNullable(annotation.path("attributes").get("color")).map(JsonNode::asText);
        return new DescribedThing(
                new ThingName(name.singular(), name.plural(), name.category(), colour),
                new ThingBox(
                        (int) Math.round(box.get(0).asDouble()),
                        (int) Math.round(box.get(1).asDouble()),
                        Math.max(1, (int) Math.round(box.get(2).asDouble())),
                        Math.max(1, (int) Math.round(box.get(3).asDouble()))));
    }

    private static JsonNode list(JsonNode file, String name) {
        JsonNode list = file.path(name);
        if (!list.isArray()) {
            throw new IllegalArgumentException(name + " is not a list");
        }
        return list;
    }

    private static JsonNode field(JsonNode node, String list, String name) {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            throw new IllegalArgumentException(list + ": an entry has no " + name);
        }
        return value;
    }
}
