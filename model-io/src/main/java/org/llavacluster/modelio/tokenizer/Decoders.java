package org.llavacluster.modelio.tokenizer;

import java.util.BitSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.llavacluster.modelio.json.Fields;

/** Reads the {@code decoder} of tokenizer.json. */
final class Decoders {

    private Decoders() {}

    static TokenDecoder read(Fields tokenizer, Vocabulary vocabulary, BitSet specials) {
        Fields decoder = tokenizer.fields("decoder").orElseThrow(() -> tokenizer.error("decoder", "missing"));
        List<Fields> steps = type(decoder).equals("Sequence") ? decoder.objects("decoders") : List.of(decoder);
        if (steps.size() == 1 && type(steps.getFirst()).equals("ByteLevel")) {
            return new ByteLevelDecoder(vocabulary, specials);
        }
        return new SentencePieceDecoder(vocabulary, specials, sentencePiece(steps));
    }

    private static String type(Fields decoder) {
        return decoder.text("type").orElse("");
    }

    /** Replacements, optionally byte fallback, then all tokens as one text, optionally with leading spaces stripped. */
    private static SentencePieceDecoder.Rules sentencePiece(List<Fields> steps) {
        UnaryOperator<String> piece = UnaryOperator.identity();
        boolean byteFallback = false;
        boolean fused = false;
        char stripped = ' ';
        int strippedCount = 0;
        for (Fields step : steps) {
            switch (type(step)) {
                case "Replace" -> {
                    before(!byteFallback && !fused, step);
                    UnaryOperator<String> earlier = piece;
                    Normalizer.Replace replace = Normalizers.replace(step);
                    piece = token -> replace.apply(earlier.apply(token));
                }
                case "ByteFallback" -> {
                    before(!byteFallback && !fused, step);
                    byteFallback = true;
                }
                case "Fuse" -> fused = true;
                case "Strip" -> {
                    before(fused && strippedCount == 0, step);
                    String content = step.text("content").orElse("");
                    strippedCount = step.integer("start").orElse(0);
                    if (content.length() != 1
                            || strippedCount < 0
                            || step.integer("stop").orElse(0) != 0) {
                        throw step.error("type", "\"Strip\" of this form is not supported");
                    }
                    stripped = content.charAt(0);
                }
                default -> throw step.error("type", "\"" + type(step) + "\" is not supported");
            }
        }
        return new SentencePieceDecoder.Rules(piece, byteFallback, stripped, strippedCount);
    }

    private static void before(boolean inOrder, Fields step) {
        if (!inOrder) {
            throw step.error("type", "\"" + type(step) + "\" at this place is not supported");
        }
    }
}
