package org.llavacluster.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes texts by their words and signs, so that many of them still mean something. */
public final class TextMutator {

    private static final Pattern TOKENS = Pattern.compile("\\w+|\\s+|[^\\w\\s]{1,2}");
    private static final int MOST_CHANGES = 10;
    private static final int MOST_REPEATS = 300;

    private final List<List<String>> seeds;
    private final List<String> words;
    private final int mostCharacters;

    /**
     * @param seeds valid texts
     * @param words that mean something to the entrance
     */
    public TextMutator(List<String> seeds, List<String> words, int mostCharacters) {
        this.seeds = seeds.stream()
                .map(TextMutator::tokens)
                .filter(tokens -> !tokens.isEmpty())
                .toList();
        this.words = List.copyOf(words);
        this.mostCharacters = mostCharacters;
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKENS.matcher(text);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        return tokens;
    }

    /** One of the seeds, changed; in UTF-8. */
    public byte[] next(Random random) {
        List<String> tokens = new ArrayList<>(seed(random));
        for (int i = 1 + random.nextInt(MOST_CHANGES); i > 0; i--) {
            change(random, tokens);
        }
        String text = String.join("", tokens);
        return (text.length() > mostCharacters ? text.substring(0, mostCharacters) : text)
                .getBytes(StandardCharsets.UTF_8);
    }

    private List<String> seed(Random random) {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private void change(Random random, List<String> tokens) {
        int at = random.nextInt(tokens.size() + 1);
        int end = Math.min(tokens.size(), at + 1 + random.nextInt(12));
        switch (random.nextInt(8)) {
            case 0 -> tokens.subList(at, end).clear();
            case 1 -> tokens.addAll(at, List.copyOf(tokens.subList(at, end)));
            case 2 -> {
                List<String> other = seed(random);
                int from = random.nextInt(other.size());
                tokens.addAll(at, other.subList(from, Math.min(other.size(), from + random.nextInt(20))));
            }
            case 3 -> tokens.add(at, random.nextInt(4) == 0 ? number(random) : word(random));
            case 4 -> {
                String word = word(random);
                tokens.add(
                        at,
                        word.repeat(
                                Math.min(1 + random.nextInt(MOST_REPEATS), 1 + mostCharacters / (word.length() + 1))));
            }
            case 5 -> {
                if (at < tokens.size()) {
                    tokens.set(at, random.nextBoolean() ? word(random) : number(random));
                }
            }
            case 6 -> {
                if (at < tokens.size()) {
                    tokens.add(random.nextInt(tokens.size()), tokens.remove(at));
                }
            }
            default -> tokens.add(at, String.valueOf(Character.toChars(random.nextInt(Character.MAX_CODE_POINT + 1))));
        }
    }

    private String word(Random random) {
        return words.get(random.nextInt(words.size()));
    }

    private static String number(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Integer.toString(random.nextInt(10));
            case 1 -> Integer.toString(random.nextInt());
            case 2 -> Long.toString(random.nextLong());
            case 3 -> "1e" + random.nextInt(400);
            case 4 -> "9".repeat(1 + random.nextInt(200));
            default -> "-" + random.nextInt(1 << 20) + "." + random.nextInt(100);
        };
    }
}
