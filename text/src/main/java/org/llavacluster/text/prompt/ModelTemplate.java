package org.llavacluster.text.prompt;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.text.config.ModelFormatException;
import org.llavacluster.text.tokenizer.SpecialTokens;

/**
 * The source of the chat template that a model folder holds, for those who want to see what it renders.
 *
 * @param file that it is in
 * @param specialTokens by the names under which templates know them
 */
public record ModelTemplate(String file, String source, Map<String, String> specialTokens) {

    /**
     * Empty where the folder holds none.
     *
     * @throws ModelFormatException where a file is damaged
     */
    public static Optional<ModelTemplate> read(Path folder) {
        CheckpointTemplates own = CheckpointTemplates.read(folder);
        return own.isEmpty()
                ? Optional.empty()
                : Optional.of(new ModelTemplate(
                        own.source(), own.main(), SpecialTokens.read(folder).byName()));
    }
}
