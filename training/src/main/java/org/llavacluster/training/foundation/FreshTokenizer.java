package org.llavacluster.training.foundation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.training.foundation.BytePairTrainer.Encoding;

/**
 * A tokenizer as {@code tokenizer.json} of a LLaMA has it: the special tokens, 256 bytes, characters, merged tokens,
 * then those that LLaVA and CLIP add.
 *
 * @param encoding learned from text
 */
record FreshTokenizer(Encoding encoding) {

    private static final String SPACE = "▁";
    private static final List<String> FIRST = List.of("<unk>", "<s>", "</s>");

    /** The image, the padding, and the end of a text for CLIP, whose id must be the highest of all. */
    private static final List<String> LAST = List.of("<image>", "<pad>", "<|endoftext|>");

    /** The number of ids. */
    int size() {
        return firstAdded() + LAST.size();
    }

    int imageId() {
        return firstAdded();
    }

    int padId() {
        return firstAdded() + 1;
    }

    /** The content of the file. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        json.put("truncation", null);
        json.put("padding", null);
        json.put("added_tokens", addedTokens());
        json.put(
                "normalizer",
                Map.of(
                        "type",
                        "Sequence",
                        "normalizers",
                        List.of(Map.of("type", "Prepend", "prepend", SPACE), replace(" ", SPACE))));
        json.put("pre_tokenizer", null);
        json.put("post_processor", postProcessor());
        json.put(
                "decoder",
                Map.of(
                        "type",
                        "Sequence",
                        "decoders",
                        List.of(
                                replace(SPACE, " "),
                                Map.of("type", "ByteFallback"),
                                Map.of("type", "Fuse"),
                                Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0))));
        json.put("model", model());
        return json;
    }

    private int firstAdded() {
        return vocabulary().size();
    }

    private Map<String, Integer> vocabulary() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        FIRST.forEach(token -> ids.put(token, ids.size()));
        for (int value = 0; value < 256; value++) {
            ids.put("<0x%02X>".formatted(value), ids.size());
        }
        encoding.characters().forEach(token -> ids.putIfAbsent(token, ids.size()));
        encoding.merges().forEach(merge -> ids.putIfAbsent(merge.token(), ids.size()));
        return ids;
    }

    private Map<String, Object> model() {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("dropout", null);
        model.put("unk_token", "<unk>");
        model.put("continuing_subword_prefix", null);
        model.put("end_of_word_suffix", null);
        model.put("fuse_unk", true);
        model.put("byte_fallback", true);
        model.put("ignore_merges", false);
        model.put("vocab", vocabulary());
        model.put(
                "merges",
                encoding.merges().stream()
                        .map(merge -> List.of(merge.left(), merge.right()))
                        .toList());
        return model;
    }

    private List<Object> addedTokens() {
        List<Object> tokens = new ArrayList<>();
        for (int id = 0; id < FIRST.size(); id++) {
            tokens.add(addedToken(id, FIRST.get(id)));
        }
        for (int n = 0; n < LAST.size(); n++) {
            tokens.add(addedToken(firstAdded() + n, LAST.get(n)));
        }
        return tokens;
    }

    private static Map<String, Object> addedToken(int id, String content) {
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("id", id);
        token.put("content", content);
        token.put("single_word", false);
        token.put("lstrip", false);
        token.put("rstrip", false);
        token.put("normalized", false);
        token.put("special", true);
        return token;
    }

    private static Map<String, Object> replace(String pattern, String content) {
        return Map.of("type", "Replace", "pattern", Map.of("String", pattern), "content", content);
    }

    private static Map<String, Object> postProcessor() {
        Object start = Map.of("SpecialToken", Map.of("id", "<s>", "type_id", 0));
        Object first = Map.of("Sequence", Map.of("id", "A", "type_id", 0));
        Object second = Map.of("Sequence", Map.of("id", "B", "type_id", 0));
        return Map.of(
                "type",
                "TemplateProcessing",
                "single",
                List.of(start, first),
                "pair",
                List.of(start, first, start, second),
                "special_tokens",
                Map.of("<s>", Map.of("id", "<s>", "ids", List.of(1), "tokens", List.of("<s>"))));
    }
}
