package org.llavacluster.modelio.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llavacluster.modelio.json.Fields;
import org.llavacluster.modelio.json.JsonFile;

/**
 * Reads the added tokens of a folder without {@code tokenizer.json}: from tokenizer_config.json and added_tokens.json.
 */
final class AddedTokenFiles {

    private static final String FILE = "added_tokens.json";
    private static final String BY_ID = "added_tokens_decoder";

    private AddedTokenFiles() {}

    /** The new tokens, which are also added to the vocabulary. */
    static List<AddedTokens.Added> read(Path folder, Fields config, Vocabulary vocabulary) {
        Set<String> special = new HashSet<>(SpecialTokens.read(folder).byName().values());
        List<AddedTokens.Added> added = new ArrayList<>();
        config.fields(BY_ID).ifPresent(byId -> {
            for (var entry : byId.object().properties()) {
                Fields token = byId.fields(entry.getKey()).orElseThrow(() -> byId.error(entry.getKey(), "missing"));
                if (!entry.getKey().matches("\\d{1,8}")) {
                    throw byId.error(entry.getKey(), "is not an id");
                }
                String content = token.text("content").orElseThrow(() -> token.error("content", "missing"));
                boolean isSpecial = token.flag("special", false) || special.contains(content);
                add(
                        vocabulary,
                        Integer.parseInt(entry.getKey()),
                        content,
                        isSpecial,
                        config.file() + ": " + BY_ID,
                        added);
            }
        });
        JsonFile.readIfPresent(folder, FILE, JsonFile.CONFIG_BYTES).ifPresent(byContent -> {
            for (String content :
                    byContent.object().propertyStream().map(Map.Entry::getKey).toList()) {
                int id = byContent.integer(content).orElseThrow(() -> byContent.error(content, "missing"));
                add(vocabulary, id, content, special.contains(content), FILE, added);
            }
        });
        return added;
    }

    private static void add(
            Vocabulary vocabulary, int id, String content, boolean special, String field, List<AddedTokens.Added> out) {
        if (vocabulary.id(content) == id) {
            return;
        }
        vocabulary.add(content, id, field);
        out.add(new AddedTokens.Added(id, content, special, false, false, false, false));
    }
}
