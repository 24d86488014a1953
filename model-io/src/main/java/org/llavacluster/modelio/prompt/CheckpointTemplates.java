package org.llavacluster.modelio.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.json.Fields;
import org.llavacluster.modelio.json.JsonFile;

/**
 * The chat templates of a model folder by name: one named {@code default}, or several.
 *
 * @param source the file that they are in
 */
record CheckpointTemplates(String source, Map<String, String> byName) {

    private static final String DEFAULT = "default";
    private static final String FIELD = "chat_template";
    private static final String JINJA = "chat_template.jinja";
    private static final List<String> FILES =
            List.of("chat_template.json", "processor_config.json", "tokenizer_config.json");

    /** Reads the first file that has templates, in the order of transformers. */
    static CheckpointTemplates read(Path folder) {
        Optional<byte[]> jinja = JsonFile.bytesIfPresent(folder, JINJA, JsonFile.CONFIG_BYTES);
        if (jinja.isPresent()) {
            return new CheckpointTemplates(JINJA, Map.of(DEFAULT, new String(jinja.get(), StandardCharsets.UTF_8)));
        }
        for (String file : FILES) {
            Optional<Fields> fields =
                    JsonFile.readIfPresent(folder, file, JsonFile.CONFIG_BYTES).filter(found -> found.has(FIELD));
            if (fields.isPresent()) {
                return new CheckpointTemplates(file, byName(fields.get()));
            }
        }
        return new CheckpointTemplates("", Map.of());
    }

    /** A string, an object of strings, or a list of objects with name and template. */
    private static Map<String, String> byName(Fields fields) {
        JsonNode node = fields.node(FIELD).orElseThrow();
        Map<String, String> byName = new LinkedHashMap<>();
        if (node.isArray()) {
            for (Fields named : fields.objects(FIELD)) {
                String name = named.text("name").orElseThrow(() -> named.error("name", "missing"));
                byName.put(name, named.text("template").orElseThrow(() -> named.error("template", "missing")));
            }
        } else if (node.isObject()) {
            Fields named = fields.fields(FIELD).orElseThrow();
            for (var entry : named.object().properties()) {
                named.text(entry.getKey()).ifPresent(template -> byName.put(entry.getKey(), template));
            }
        } else {
            byName.put(DEFAULT, fields.text(FIELD).orElseThrow());
        }
        return byName;
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    Optional<String> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The template to use if none is named. */
    String main() {
        if (byName.size() == 1) {
            return byName.values().iterator().next();
        }
        return named(DEFAULT)
                .orElseThrow(() -> new ModelFormatException(
                        source + ": " + FIELD + ": holds several and none named default: " + byName.keySet()));
    }
}
