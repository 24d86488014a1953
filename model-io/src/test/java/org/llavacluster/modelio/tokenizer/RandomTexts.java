package org.llavacluster.modelio.tokenizer;

import java.util.List;
import java.util.Random;

/** Difficult random texts and ids: pieces of words, special tokens and parts of them, white space, rare characters. */
final class RandomTexts {

    private static final List<String> WORDS = List.of(
            "the",
            "red",
            "circle",
            "colour",
            "image",
            "USER:",
            "ASSISTANT:",
            "What",
            "is",
            "it's",
            "IT'S",
            "don't",
            "12",
            "3456",
            "Hello");
    private static final List<String> TOKENS = List.of(
            "<s>",
            "</s>",
            "<unk>",
            "<image>",
            "<pad>",
            "<image",
            "<imag",
            "<l>",
            "<r>",
            "<n>",
            "<0x41>",
            "<|eot_id|>",
            "<tool>",
            "circle!");
    private static final List<String> SPACES =
            List.of(" ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", "\u00A0", "\u3000", "\u2028", "▁");
    private static final List<String> RARE = List.of(
            "é",
            "e\u0301",
            "世界",
            "🦙",
            "👩‍👩‍👧",
            "ﬁ",
            "Å",
            "\u0000",
            "\u007f",
            "\uFFFD",
            "\uE000",
            "\u200b",
            "ñ",
            "½",
            "ſ",
            "İ",
            "\uDBFF\uDFFF",
            "٣",
            "가",
            "ゟ");

    private final Random random;
    private final Tokenizer tokenizer;

    RandomTexts(Random random, Tokenizer tokenizer) {
        this.random = random;
        this.tokenizer = tokenizer;
    }

    String next() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(
                    switch (random.nextInt(12)) {
                        case 0, 1, 2, 3 -> pick(WORDS);
                        case 4 -> pick(TOKENS);
                        case 5, 6, 7 -> pick(SPACES);
                        case 8 -> pick(RARE);
                        case 9 -> new String(Character.toChars(codePoint()));
                        case 10 -> ((char) (' ' + random.nextInt(95))) + pick(WORDS);
                        default -> pick(WORDS).repeat(1 + random.nextInt(3));
                    });
        }
        return text.toString();
    }

    /** Random token ids, often in runs of bytes. */
    int[] ids() {
        int[] ids = new int[random.nextInt(12)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = random.nextBoolean() ? random.nextInt(tokenizer.size()) : 3 + random.nextInt(256);
        }
        return ids;
    }

    private int codePoint() {
        int c = random.nextInt(4) == 0 ? random.nextInt(0x30000) : random.nextInt(0x3000);
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 'x' : c;
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
