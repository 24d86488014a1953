package org.llavacluster.modelio.prompt;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.tokenizer.SpecialTokens;

/**
 * The source of a model folder's chat template, to inspect what it renders.
 *
 * @param file the file that it is in
 * @param specialTokens by their names in templates
 */
public record ModelTemplate(String file, String source, Map<String, String> specialTokens) {

    /**
     * Empty if the folder has none.
     *
     * @throws ModelFormatException if a file is damaged
     */
    public static Optional<ModelTemplate> read(Path folder) {
        CheckpointTemplates own = CheckpointTemplates.read(folder);
        return own.isEmpty()
                ? Optional.empty()
                : Optional.of(new ModelTemplate(
                        own.source(), own.main(), SpecialTokens.read(folder).byName()));
    }
}
