package org.llavacluster.training.foundation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Learns a byte-pair encoding (Sennrich et al., arXiv 1508.07909) as LLaMA's tokenizers have it: words begin with
 * {@code ▁}, no merge crosses from one word to the next, and characters that the text does not have are spelled in
 * bytes. Equal texts give equal merges: of pairs that are equally frequent, the one that sorts first is merged.
 */
public final class BytePairTrainer {

    private static final char SPACE = '▁';

    private final Map<String, Long> words = new TreeMap<>();

    /** A token that is made of two. */
    public record Merge(String left, String right) implements Comparable<Merge> {

        private static final Comparator<Merge> ORDER =
                Comparator.comparing(Merge::left).thenComparing(Merge::right);

        @Override
        public int compareTo(Merge other) {
            return ORDER.compare(this, other);
        }

        String token() {
            return left + right;
        }
    }

    /**
     * What was learned.
     *
     * @param characters those of the text but for control characters, sorted
     * @param merges the most useful first
     */
    public record Encoding(List<String> characters, List<Merge> merges) {

        public Encoding {
            characters = List.copyOf(characters);
            merges = List.copyOf(merges);
        }
    }

    /** Counts the words of a text. */
    public void add(String text) {
        for (String line : text.split("\\p{Cntrl}", -1)) {
            for (String word : line.split(" ", -1)) {
                if (!word.isEmpty()) {
                    words.merge(SPACE + word, 1L, Long::sum);
                }
            }
        }
    }

    /**
     * Learns merges until there are that many tokens, or no pair is left that occurs twice.
     *
     * @param tokens characters and merged tokens together
     * @throws IllegalArgumentException if the text has more characters than that
     */
    public Encoding learn(int tokens) {
        TreeSet<String> characters = new TreeSet<>(Set.of(String.valueOf(SPACE)));
        List<Word> split = new ArrayList<>();
        words.forEach((text, count) -> {
            Word word = new Word(text, count);
            characters.addAll(word.symbols);
            split.add(word);
        });
        if (characters.size() > tokens) {
            throw new IllegalArgumentException(
                    "the text has " + characters.size() + " characters, more than " + tokens + " tokens");
        }
        Pairs pairs = new Pairs(split);
        List<Merge> merges = new ArrayList<>();
        Set<String> known = new HashSet<>(characters);
        while (known.size() < tokens) {
            Merge best = pairs.best();
            if (best == null) {
                break;
            }
            pairs.merge(best);
            merges.add(best);
            known.add(best.token());
        }
        return new Encoding(List.copyOf(characters), merges);
    }

    /** A word of the text as the tokens that it is made of so far. */
    private static final class Word {

        private final long count;
        private List<String> symbols;

        Word(String text, long count) {
            this.count = count;
            this.symbols = text.codePoints().mapToObj(Character::toString).toList();
        }

        void merge(Merge merge) {
            List<String> merged = new ArrayList<>();
            for (int i = 0; i < symbols.size(); i++) {
                boolean isPair = i + 1 < symbols.size()
                        && symbols.get(i).equals(merge.left())
                        && symbols.get(i + 1).equals(merge.right());
                merged.add(isPair ? merge.token() : symbols.get(i));
                i += isPair ? 1 : 0;
            }
            symbols = merged;
        }
    }

    /** How often each pair of neighbours occurs, and in which words. */
    private static final class Pairs {

        private final Map<Merge, Long> counts = new HashMap<>();
        private final Map<Merge, Set<Word>> places = new HashMap<>();

        Pairs(List<Word> words) {
            words.forEach(word -> count(word, 1));
        }

        /** The pair that occurs most often, if any occurs twice; else null. */
        Merge best() {
            Merge best = null;
            long most = 1;
            for (Map.Entry<Merge, Long> entry : counts.entrySet()) {
                long count = entry.getValue();
                if (count > most
                        || best != null && count == most && entry.getKey().compareTo(best) < 0) {
                    best = entry.getKey();
                    most = count;
                }
            }
            return best;
        }

        void merge(Merge merge) {
            for (Word word : List.copyOf(places.get(merge))) {
                count(word, -1);
                word.merge(merge);
                count(word, 1);
            }
        }

        /** Adds the pairs of a word, or takes them away. */
        private void count(Word word, int sign) {
            for (int i = 0; i + 1 < word.symbols.size(); i++) {
                Merge pair = new Merge(word.symbols.get(i), word.symbols.get(i + 1));
                long left = counts.merge(pair, sign * word.count, Long::sum);
                if (left == 0) {
                    counts.remove(pair);
                }
                Set<Word> holders = places.computeIfAbsent(pair, _ -> new HashSet<>());
                if (sign > 0) {
                    holders.add(word);
                } else {
                    holders.remove(word);
                }
            }
        }
    }
}
