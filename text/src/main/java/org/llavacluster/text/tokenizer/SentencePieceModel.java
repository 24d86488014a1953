package org.llavacluster.text.tokenizer;

import java.nio.file.Path;
import java.util.Optional;
import org.llavacluster.text.config.ModelFormatException;

/** Reads {@code tokenizer.model}. */
final class SentencePieceModel {

    private SentencePieceModel() {}

    static TokenizerParts read(Path folder, Optional<Boolean> legacy) {
        throw new ModelFormatException("tokenizer.json: missing in " + folder);
    }
}
