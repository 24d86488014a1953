package org.llavacluster.model.bench.folder;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A tokenizer of LLaMA's kind without merges: each character of a text is a token. The other rows of the vocabulary are
 * made-up words, which never result from a text and of which answers consist. The last row is the image token.
 */
final class ByteTokenizer {

    static final int UNKNOWN = 0;
    static final int BEGIN = 1;
    static final int END = 2;
    static final String IMAGE = "<image>";
    private static final String SPACE = "▁";
    private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>");

    private ByteTokenizer() {}

    static int imageId(int vocabulary) {
        return vocabulary - 1;
    }

    /** The content of {@code tokenizer.json}. */
    static Map<String, Object> json(int vocabulary) {
        Map<String, Object> begin = Map.of("SpecialToken", Map.of("id", SPECIAL.get(BEGIN), "type_id", 0));
        Map<String, Object> sequence = Map.of("Sequence", Map.of("id", "A", "type_id", 0));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        json.put(
                "added_tokens",
                List.of(
                        added(UNKNOWN, SPECIAL.get(UNKNOWN)),
                        added(BEGIN, SPECIAL.get(BEGIN)),
                        added(END, SPECIAL.get(END)),
                        added(imageId(vocabulary), IMAGE)));
        json.put(
                "normalizer",
                sequence("normalizers", Map.of("type", "Prepend", "prepend", SPACE), replace(" ", SPACE)));
        json.put(
                "post_processor",
                Map.of(
                        "type",
                        "TemplateProcessing",
                        "single",
                        List.of(begin, sequence),
                        "pair",
                        List.of(begin, sequence, begin, sequence),
                        "special_tokens",
                        Map.of(
                                SPECIAL.get(BEGIN),
                                Map.of(
                                        "id", SPECIAL.get(BEGIN),
                                        "ids", List.of(BEGIN),
                                        "tokens", List.of(SPECIAL.get(BEGIN))))));
        json.put(
                "decoder",
                sequence(
                        "decoders",
                        replace(SPACE, " "),
                        Map.of("type", "ByteFallback"),
                        Map.of("type", "Fuse"),
                        Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0)));
        json.put("model", model(vocabulary));
        return json;
    }

    private static Map<String, Object> model(int vocabulary) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("unk_token", SPECIAL.get(UNKNOWN));
        model.put("fuse_unk", true);
        model.put("byte_fallback", true);
        model.put("vocab", vocab(vocabulary));
        model.put("merges", List.of());
        return model;
    }

    /** Special tokens, bytes, the printable characters of ASCII, words. */
    private static Map<String, Integer> vocab(int vocabulary) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        SPECIAL.forEach(token -> ids.put(token, ids.size()));
        for (int value = 0; value < 256; value++) {
            ids.put("<0x%02X>".formatted(value), ids.size());
        }
        ids.put(SPACE, ids.size());
        for (char c = '!'; c <= '~'; c++) {
            ids.put(String.valueOf(c), ids.size());
        }
        while (ids.size() < imageId(vocabulary)) {
            ids.put(SPACE + "w" + ids.size(), ids.size());
        }
        return ids;
    }

    private static Map<String, Object> added(int id, String content) {
        return Map.of(
                "id", id,
                "content", content,
                "single_word", false,
                "lstrip", false,
                "rstrip", false,
                "normalized", false,
                "special", true);
    }

    private static Map<String, Object> replace(String what, String by) {
        return Map.of("type", "Replace", "pattern", Map.of("String", what), "content", by);
    }

    private static Map<String, Object> sequence(String of, Object... steps) {
        return Map.of("type", "Sequence", of, List.of(steps));
    }
}
