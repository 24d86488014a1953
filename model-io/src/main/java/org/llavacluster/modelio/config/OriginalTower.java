package org.llavacluster.modelio.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.llavacluster.modelio.json.Fields;
import org.llavacluster.modelio.json.JsonFile;

/**
 * The CLIP model that a folder of the original layout names without describing it.
 *
 * @param folder its folder; absent for a published model of known sizes, whose weights are with LLaVA's own
 * @param vision the fields of a {@code CLIPVisionConfig}
 * @param preprocessor how it expects images to be prepared
 */
record OriginalTower(Optional<Path> folder, Fields vision, Fields preprocessor) {

    private static final String FIELD = "mm_vision_tower";

    /**
     * Finds the tower, in this order: the given folder; the folder named by the configuration, by its path or by its
     * last name inside or beside the model's folder; the published model of that name.
     *
     * @throws ModelFormatException if there is none of these, saying what to do
     */
    static OriginalTower find(Path model, Fields config, Optional<Path> given) {
        if (given.isPresent()) {
            if (!Files.isDirectory(given.get())) {
                throw new ModelFormatException("--vision-tower: " + given.get() + ": no such folder");
            }
            return in(given.get());
        }
        String named = config.text(FIELD)
                .orElseThrow(() -> config.error(FIELD, "missing: pass --vision-tower with the CLIP folder"));
        return local(model, named)
                .map(OriginalTower::in)
                .or(() -> PublishedTower.of(lastName(named)).map(tower -> published(tower, named)))
                .orElseThrow(() -> config.error(
                        FIELD,
                        "\"" + named + "\" is not a folder here and none of " + PublishedTower.names()
                                + ": pass --vision-tower with the CLIP folder"));
    }

    private static Optional<Path> local(Path model, String named) {
        String last = lastName(named);
        if (last.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path path = model.resolve(named);
            if (Files.isDirectory(path)) {
                return Optional.of(path);
            }
            Path absolute = model.toAbsolutePath().normalize();
            return Stream.of(absolute.resolve(last), absolute.resolveSibling(last))
                    .filter(folder -> Files.exists(folder.resolve("config.json")))
                    .findFirst();
        } catch (InvalidPathException _) {
            // A name that cannot be a path is not a local folder.
            return Optional.empty();
        }
    }

    private static OriginalTower in(Path folder) {
        Fields clip = JsonFile.read(folder, "config.json", JsonFile.CONFIG_BYTES);
        Fields named = new Fields("vision tower's config.json", "", clip.object());
        String type = Unsupported.oneOf(named, "model_type", "clip_vision_model", List.of("clip", "clip_vision_model"));
        Fields vision = named;
        if (type.equals("clip")) {
            vision = named.fields("vision_config_dict")
                    .or(() -> named.fields("vision_config"))
                    .orElseThrow(() -> named.error("vision_config", "missing"));
        }
        Fields pre = ImageFields.find(folder);
        return new OriginalTower(
                Optional.of(folder), vision, new Fields("vision tower's " + pre.file(), pre.path(), pre.object()));
    }

    private static OriginalTower published(PublishedTower tower, String named) {
        return new OriginalTower(
                Optional.empty(), new Fields(named, "", tower.vision()), new Fields(named, "", tower.preprocessor()));
    }

    /**
     * The last part of {@code openai/clip-vit-large-patch14}, or of a path on the machine where the model was trained.
     */
    private static String lastName(String named) {
        String[] names = named.split("[/\\\\]+");
        return names.length == 0 ? "" : names[names.length - 1];
    }
}
