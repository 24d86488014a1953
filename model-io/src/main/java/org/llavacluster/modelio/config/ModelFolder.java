package org.llavacluster.modelio.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.llavacluster.modelio.json.Fields;
import org.llavacluster.modelio.json.JsonFile;

/**
 * A model folder with its checked configuration.
 *
 * @param visionTower a separate CLIP model's folder, which only the original layout has
 */
public record ModelFolder(Path folder, Optional<Path> visionTower, ModelConfig config) {

    /**
     * Reads the configuration of a model folder. Weights, tokenizer and chat template are not read.
     *
     * @param visionTower a CLIP folder for the original layout; by default the one named by config.json, if it is a
     *     local folder or a known model
     * @throws ModelFormatException if the folder is not a model that can be served
     */
    public static ModelFolder open(Path folder, Optional<Path> visionTower) {
        if (!Files.isDirectory(folder)) {
            throw new ModelFormatException(folder + ": no such folder");
        }
        Fields config = JsonFile.read(folder, "config.json", JsonFile.CONFIG_BYTES);
        if (OriginalLayout.wrote(config)) {
            OriginalTower tower = OriginalTower.find(folder, config, visionTower);
            return new ModelFolder(folder, tower.folder(), OriginalLayout.read(folder, config, tower));
        }
        if (visionTower.isPresent()) {
            throw config.error(
                    "vision_config",
                    "this model holds its own vision tower: --vision-tower is for the original layout");
        }
        return new ModelFolder(folder, Optional.empty(), HuggingFaceLayout.read(folder, config));
    }

    /** The folder's own name. */
    static String nameOf(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? "model" : name.toString();
    }
}
