package org.llavacluster.modelio.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.llavacluster.modelio.json.Fields;
import org.llavacluster.modelio.json.JsonFile;

/** Reads {@code tokenizer.json}. Kinds of tokenizer that LLaVA checkpoints do not use are refused by name. */
final class TokenizerJson {

    static final String FILE = "tokenizer.json";

    private TokenizerJson() {}

    static TokenizerParts read(Path folder, Optional<Boolean> legacy) {
        Fields file = JsonFile.read(folder, FILE, JsonFile.VOCABULARY_BYTES);
        Fields model = file.fields("model").orElseThrow(() -> file.error("model", "missing"));
        Vocabulary vocabulary = new Vocabulary(FILE);
        BytePairModel pairs = MergesJson.read(model, vocabulary);
        List<AddedTokens.Added> added = added(file, vocabulary);
        BitSet specials = new BitSet();
        added.stream().filter(AddedTokens.Added::special).forEach(token -> specials.set(token.id()));

        Normalizer normalizer = Normalizers.read(file);
        PreTokenizers.Step preTokenizer = PreTokenizers.read(file);
        TokenDecoder decoder = Decoders.read(file, vocabulary, specials);
        if (legacy.isPresent()) {
            if (!(decoder instanceof SentencePieceDecoder)) {
                throw file.error("decoder", "this is not a LLaMA tokenizer, so the legacy switch does not apply");
            }
            normalizer = LlamaSpaces.normalizer(legacy.get());
            preTokenizer = LlamaSpaces.preTokenizer(legacy.get());
        }
        PostProcessor around = PostProcessor.read(file, vocabulary);
        return new TokenizerParts(
                vocabulary,
                added,
                specials,
                normalizer,
                preTokenizer,
                pairs,
                around.prefix(),
                around.suffix(),
                decoder);
    }

    private static List<AddedTokens.Added> added(Fields file, Vocabulary vocabulary) {
        List<AddedTokens.Added> tokens = new ArrayList<>();
        for (Fields token : file.objects("added_tokens")) {
            String content = token.text("content").orElseThrow(() -> token.error("content", "missing"));
            int id = token.integer("id").orElseThrow(() -> token.error("id", "missing"));
            if (content.isEmpty()) {
                throw token.error("content", "must not be empty");
            }
            vocabulary.add(content, id, token.path() + "id");
            boolean special = token.flag("special", false);
            tokens.add(new AddedTokens.Added(
                    id,
                    content,
                    special,
                    token.flag("single_word", false),
                    token.flag("lstrip", false),
                    token.flag("rstrip", false),
                    token.flag("normalized", !special)));
        }
        return tokens;
    }

    /** The {@code model} object: vocabulary and merges. */
    private static final class MergesJson {

        static BytePairModel read(Fields model, Vocabulary vocabulary) {
            String type = model.text("type").orElse("BPE");
            if (!type.equals("BPE")) {
                throw model.error("type", "\"" + type + "\" is not supported (known: BPE)");
            }
            if (model.number("dropout").orElse(0) != 0) {
                throw model.error("dropout", "is not supported");
            }
            for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
                if (!model.text(affix).orElse("").isEmpty()) {
                    throw model.error(affix, "is not supported");
                }
            }
            Fields vocab = model.fields("vocab").orElseThrow(() -> model.error("vocab", "missing"));
            for (var entry : vocab.object().properties()) {
                if (!entry.getValue().isInt()) {
                    throw model.error("vocab", "must map tokens to ids");
                }
                vocabulary.add(entry.getKey(), entry.getValue().intValue(), "model.vocab");
            }
            LongMap characters = characters(vocabulary);
            LongMap merges = merges(model, vocabulary);
            boolean wholeWordsFirst = model.flag("ignore_merges", false);
            return new BytePairModel(vocabulary, characters, merges, unknowns(model, vocabulary), wholeWordsFirst);
        }

        private static LongMap merges(Fields model, Vocabulary vocabulary) {
            List<JsonNode> list = model.list("merges");
            LongMap merges = new LongMap(list.size());
            for (int rank = 0; rank < list.size(); rank++) {
                String[] pair = pair(list.get(rank));
                int left = pair == null ? -1 : vocabulary.id(pair[0]);
                int right = pair == null ? -1 : vocabulary.id(pair[1]);
                int merged = pair == null ? -1 : vocabulary.id(pair[0] + pair[1]);
                if (left < 0 || right < 0 || merged < 0) {
                    throw model.error("merges[" + rank + "]", "must name two tokens that form a third");
                }
                merges.put(BytePairModel.pair(left, right), BytePairModel.pair(rank, merged));
            }
            return merges;
        }

        /** Two tokens: a list, or one string with a space between them, as written before 2024. */
        private static String[] pair(JsonNode merge) {
            if (merge.isTextual()) {
                String[] pair = merge.textValue().split(" ", -1);
                return pair.length == 2 ? pair : null;
            }
            boolean two = merge.isArray()
                    && merge.size() == 2
                    && merge.get(0).isTextual()
                    && merge.get(1).isTextual();
            return two ? new String[] {merge.get(0).textValue(), merge.get(1).textValue()} : null;
        }

        private static BytePairModel.Unknowns unknowns(Fields model, Vocabulary vocabulary) {
            int unknownId = -1;
            if (model.has("unk_token")) {
                unknownId = vocabulary.id(model.text("unk_token").orElseThrow());
                if (unknownId < 0) {
                    throw model.error("unk_token", "is not in the vocabulary");
                }
            }
            int[] byteIds = model.flag("byte_fallback", false) ? byteIds(vocabulary) : new int[0];
            return new BytePairModel.Unknowns(unknownId, model.flag("fuse_unk", false), byteIds);
        }
    }

    /** The ids of tokens that are one character. */
    static LongMap characters(Vocabulary vocabulary) {
        LongMap characters = new LongMap(vocabulary.count());
        for (int id = 0; id < vocabulary.size(); id++) {
            String token = vocabulary.token(id);
            if (token != null && !token.isEmpty() && token.length() == Character.charCount(token.codePointAt(0))) {
                characters.put(token.codePointAt(0), id);
            }
        }
        return characters;
    }

    /** The ids of {@code <0x00>} to {@code <0xFF>}, -1 for missing ones. */
    static int[] byteIds(Vocabulary vocabulary) {
        int[] ids = new int[256];
        for (int value = 0; value < ids.length; value++) {
            ids[value] = vocabulary.id(String.format("<0x%02X>", value));
        }
        return ids;
    }
}
