package org.llavacluster.modelio.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.modelio.json.Fields;
import org.llavacluster.modelio.json.JsonFile;

/** The special tokens of a folder as text: {@code bos_token}, {@code image_token} and others. */
public final class SpecialTokens {

    private static final String DEFAULT_IMAGE = "<image>";
    private static final List<String> FILES = List.of("tokenizer_config.json", "special_tokens_map.json");
    private static final List<String> NAMES =
            List.of("bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token");

    private final Map<String, String> byName;
    private final String image;

    private SpecialTokens(Map<String, String> byName, String image) {
        this.byName = Map.copyOf(byName);
        this.image = image;
    }

    /** Reads tokenizer_config.json, special_tokens_map.json and processor_config.json, as far as present. */
    public static SpecialTokens read(Path folder) {
        Map<String, String> byName = new LinkedHashMap<>();
        String image = null;
        for (String file : FILES) {
            Optional<Fields> fields = JsonFile.readIfPresent(folder, file, JsonFile.CONFIG_BYTES);
            if (fields.isPresent()) {
                for (String name : NAMES) {
                    content(fields.get(), name).ifPresent(content -> byName.putIfAbsent(name, content));
                }
                image = image == null ? content(fields.get(), "image_token").orElse(null) : image;
            }
        }
        if (image == null) {
            image = JsonFile.readIfPresent(folder, "processor_config.json", JsonFile.CONFIG_BYTES)
                    .flatMap(fields -> content(fields, "image_token"))
                    .orElse(DEFAULT_IMAGE);
        }
        return new SpecialTokens(byName, image);
    }

    /** A token is written as its text, or as an object that contains it. */
    private static Optional<String> content(Fields fields, String name) {
        JsonNode node = fields.node(name).orElse(null);
        Optional<String> content = node != null && node.isObject()
                ? fields.fields(name).flatMap(token -> token.text("content"))
                : fields.text(name);
        return content.filter(text -> !text.isEmpty());
    }

    public Map<String, String> byName() {
        return byName;
    }

    /** The text that marks the place of an image. */
    public String image() {
        return image;
    }
}
