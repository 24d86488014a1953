package org.llavacluster.modelio.tokenizer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.json.Fields;
import org.llavacluster.modelio.json.JsonFile;

/**
 * Reads {@code tokenizer.model}, a SentencePiece model, for folders without {@code tokenizer.json}. SentencePiece
 * merges the neighbours that form the piece with the best score, the leftmost first, which is byte-pair encoding with
 * ranks in the order of scores.
 */
final class SentencePieceModel {

    static final String FILE = "tokenizer.model";

    private static final int BYTE_PAIRS = 2;
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int BYTE = 6;

    private SentencePieceModel() {}

    /** One entry of the vocabulary; its id is its index. */
    private record Entry(String text, float score, int type) {}

    static TokenizerParts read(Path folder, Optional<Boolean> legacy) {
        byte[] bytes = JsonFile.bytesIfPresent(folder, FILE, JsonFile.VOCABULARY_BYTES)
                .orElseThrow(() -> new ModelFormatException(
                        TokenizerJson.FILE + ": missing in " + folder + ", and so is " + FILE));
        ProtoFields file = new ProtoFields(FILE, bytes);
        List<Entry> entries = entries(file);
        checkTrainer(file);
        boolean prefix = checkNormalizer(file);

        Vocabulary vocabulary = new Vocabulary(FILE);
        BitSet specials = new BitSet();
        List<AddedTokens.Added> added = new ArrayList<>();
        for (int id = 0; id < entries.size(); id++) {
            Entry entry = entries.get(id);
            vocabulary.add(entry.text(), id, "pieces");
            if (entry.type() == CONTROL || entry.type() == UNKNOWN) {
                added.add(new AddedTokens.Added(id, entry.text(), true, false, false, false, false));
            }
        }
        BytePairModel model = model(entries, vocabulary);
        Fields config = JsonFile.readIfPresent(folder, "tokenizer_config.json", JsonFile.CONFIG_BYTES)
                .orElseGet(() -> new Fields("tokenizer_config.json", "", JsonNodeFactory.instance.objectNode()));
        added.addAll(AddedTokenFiles.read(folder, config, vocabulary));
        added.stream().filter(AddedTokens.Added::special).forEach(token -> specials.set(token.id()));

        boolean everyText = legacy.orElse(config.flag("legacy", true));
        PostProcessor around = PostProcessor.withBos(folder, config, vocabulary);
        SentencePieceDecoder.Rules rules =
                new SentencePieceDecoder.Rules(token -> token.replace("▁", " "), true, ' ', prefix ? 1 : 0);
        return new TokenizerParts(
                vocabulary,
                added,
                specials,
                prefix ? LlamaSpaces.normalizer(everyText) : LlamaSpaces.marksOnly(),
                prefix ? LlamaSpaces.preTokenizer(everyText) : (word, out) -> out.add(word),
                model,
                around.prefix(),
                around.suffix(),
                new SentencePieceDecoder(vocabulary, specials, rules));
    }

    /** {@code ModelProto.pieces}: text, score and type of each. */
    private static List<Entry> entries(ProtoFields file) {
        List<Entry> entries = new ArrayList<>();
        for (ProtoFields piece : file.messages(1)) {
            String text = new String(piece.bytes(1).orElse(new byte[0]), StandardCharsets.UTF_8);
            int type = (int) (long) piece.number(3).orElse((long) NORMAL);
            if (text.isEmpty() || type != NORMAL && type != UNKNOWN && type != CONTROL && type != BYTE) {
                throw new ModelFormatException(
                        FILE + ": pieces[" + entries.size() + "]: a piece of type " + type + " is not supported");
            }
            entries.add(new Entry(text, piece.floating(2).orElse(0f), type));
        }
        if (entries.isEmpty()) {
            throw new ModelFormatException(FILE + ": pieces: missing");
        }
        return entries;
    }

    private static void checkTrainer(ProtoFields file) {
        long type = file.message(2).flatMap(trainer -> trainer.number(3)).orElse(1L);
        if (type != BYTE_PAIRS) {
            throw new ModelFormatException(FILE + ": trainer_spec.model_type: must be 2 (BPE), is " + type);
        }
    }

    /** Whether a space is added in front. Any other change of the text is refused. */
    private static boolean checkNormalizer(ProtoFields file) {
        ProtoFields spec = file.message(3).orElse(new ProtoFields(FILE, new byte[0]));
        if (spec.bytes(2).orElse(new byte[0]).length > 0) {
            throw new ModelFormatException(FILE + ": normalizer_spec.precompiled_charsmap: is not supported");
        }
        if (spec.number(4).orElse(1L) != 0) {
            throw new ModelFormatException(FILE + ": normalizer_spec.remove_extra_whitespaces: is not supported");
        }
        if (spec.number(5).orElse(1L) == 0) {
            throw new ModelFormatException(FILE + ": normalizer_spec.escape_whitespaces: false is not supported");
        }
        return spec.number(3).orElse(1L) != 0;
    }

    private static BytePairModel model(List<Entry> entries, Vocabulary vocabulary) {
        List<Integer> byScore = new ArrayList<>();
        Set<String> normal = new HashSet<>();
        LongMap characters = new LongMap(entries.size());
        int unknown = -1;
        for (int id = 0; id < entries.size(); id++) {
            Entry entry = entries.get(id);
            unknown = entry.type() == UNKNOWN ? id : unknown;
            if (entry.type() != NORMAL) {
                continue;
            }
            normal.add(entry.text());
            if (entry.text().codePointCount(0, entry.text().length()) == 1) {
                characters.put(entry.text().codePointAt(0), id);
            } else {
                byScore.add(id);
            }
        }
        byScore.sort(
                Comparator.comparing((Integer id) -> entries.get(id).score()).reversed());
        LongMap merges = merges(entries, byScore, normal, vocabulary);
        int[] byteIds = TokenizerJson.byteIds(vocabulary);
        return new BytePairModel(
                vocabulary, characters, merges, new BytePairModel.Unknowns(unknown, true, byteIds), false);
    }

    /** All pairs of pieces that form a third; pieces of equal score have equal rank. */
    private static LongMap merges(
            List<Entry> entries, List<Integer> byScore, Set<String> normal, Vocabulary vocabulary) {
        LongMap merges = new LongMap(
                byScore.stream().mapToInt(id -> entries.get(id).text().length()).sum());
        UnaryOperator<String> onlyNormal = text -> normal.contains(text) ? text : "";
        int rank = -1;
        float score = Float.NaN;
        for (int id : byScore) {
            Entry entry = entries.get(id);
            rank += entry.score() == score ? 0 : 1;
            score = entry.score();
            for (int cut = 1; cut < entry.text().length(); cut++) {
                int left = vocabulary.id(onlyNormal.apply(entry.text().substring(0, cut)));
                int right = vocabulary.id(onlyNormal.apply(entry.text().substring(cut)));
                if (left >= 0 && right >= 0) {
                    merges.put(BytePairModel.pair(left, right), BytePairModel.pair(rank, id));
                }
            }
        }
        return merges;
    }
}
