package org.llavacluster.modelio.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.llavacluster.modelio.json.Fields;

/**
 * Reads the {@code pre_tokenizer} of tokenizer.json: how a text is split into words. No token crosses a word boundary.
 */
final class PreTokenizers {

    /** GPT-2's words. */
    private static final String GPT2_WORDS =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private PreTokenizers() {}

    /** A part of the input; {@code first} if it starts the input. */
    record Word(String text, boolean first) {}

    /** One step, which splits words into more and smaller ones. */
    interface Step {
        void split(Word word, List<Word> out);
    }

    static Step read(Fields tokenizer) {
        return tokenizer.fields("pre_tokenizer").map(PreTokenizers::step).orElse((word, out) -> out.add(word));
    }

    private static Step step(Fields pre) {
        String type = pre.text("type").orElse("");
        return switch (type) {
            case "Sequence" -> sequence(pre.objects("pretokenizers"));
            case "Metaspace" -> metaspace(pre);
            case "ByteLevel" -> byteLevel(pre);
            case "Split" -> split(pre);
            default -> throw pre.error("type", "\"" + type + "\" is not supported");
        };
    }

    private static Step sequence(List<Fields> items) {
        List<Step> steps = items.stream().map(PreTokenizers::step).toList();
        return (word, out) -> {
            List<Word> words = List.of(word);
            for (Step step : steps) {
                List<Word> smaller = new ArrayList<>();
                words.forEach(each -> step.split(each, smaller));
                words = smaller;
            }
            out.addAll(words);
        };
    }

    /** Replaces spaces by "▁" and adds one in front of every text, of the first one, or of none. */
    private static Step metaspace(Fields pre) {
        String mark = pre.text("replacement").orElse("▁");
        boolean prefix = pre.flag("add_prefix_space", true);
        String scheme = pre.text("prepend_scheme").orElse(prefix ? "always" : "never");
        if (!List.of("always", "first", "never").contains(scheme)) {
            throw pre.error("prepend_scheme", "\"" + scheme + "\" is not supported");
        }
        return metaspace(mark, scheme, pre.flag("split", true));
    }

    static Step metaspace(String mark, String scheme, boolean split) {
        return (word, out) -> {
            String text = word.text().replace(" ", mark);
            boolean prepend = scheme.equals("always") || scheme.equals("first") && word.first();
            if (prepend && !text.startsWith(mark)) {
                text = mark + text;
            }
            if (!split) {
                out.add(new Word(text, word.first()));
                return;
            }
            int start = 0;
            for (int at = text.indexOf(mark, 1); at >= 0; at = text.indexOf(mark, at + 1)) {
                out.add(new Word(text.substring(start, at), word.first() && start == 0));
                start = at;
            }
            out.add(new Word(text.substring(start), word.first() && start == 0));
        };
    }

    /** Maps bytes to printable characters, and splits into GPT-2's words unless another step has split before. */
    private static Step byteLevel(Fields pre) {
        boolean prefix = pre.flag("add_prefix_space", true);
        Step cut =
                pre.flag("use_regex", true) ? isolate(pattern(pre, "type", GPT2_WORDS)) : (word, out) -> out.add(word);
        return (word, out) -> {
            String text = word.text();
            List<Word> words = new ArrayList<>();
            cut.split(new Word(prefix && !text.startsWith(" ") ? " " + text : text, word.first()), words);
            words.forEach(each -> out.add(new Word(ByteAlphabet.write(each.text()), each.first())));
        };
    }

    private static Step split(Fields pre) {
        Fields field = pre.fields("pattern").orElseThrow(() -> pre.error("pattern", "missing"));
        Pattern pattern = field.text("Regex")
                .map(regex -> pattern(field, "Regex", regex))
                .or(() -> field.text("String").map(literal -> Pattern.compile(Pattern.quote(literal))))
                .orElseThrow(() -> pre.error("pattern", "must hold Regex or String"));
        String behaviour = pre.text("behavior").orElse("");
        boolean invert = pre.flag("invert", false);
        return switch (behaviour) {
            case "Isolated" -> isolate(pattern);
            case "Removed" -> keep(pattern, invert);
            default -> throw pre.error("behavior", "\"" + behaviour + "\" is not supported");
        };
    }

    /** Character classes are Unicode's, as in the library that these patterns are written for. */
    private static Pattern pattern(Fields fields, String field, String regex) {
        try {
            return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
        } catch (PatternSyntaxException e) {
            throw fields.error(field, "is not a regular expression that can be read here");
        }
    }

    /** Every match and every text between matches is a word. */
    private static Step isolate(Pattern pattern) {
        return (word, out) -> {
            int start = 0;
            Matcher matcher = pattern.matcher(word.text());
            while (matcher.find()) {
                add(word, start, matcher.start(), out);
                add(word, matcher.start(), matcher.end(), out);
                start = matcher.end();
            }
            add(word, start, word.text().length(), out);
        };
    }

    /** Either the matches or the texts between them are words. */
    private static Step keep(Pattern pattern, boolean matches) {
        return (word, out) -> {
            int start = 0;
            Matcher matcher = pattern.matcher(word.text());
            while (matcher.find()) {
                if (matches) {
                    add(word, matcher.start(), matcher.end(), out);
                } else {
                    add(word, start, matcher.start(), out);
                }
                start = matcher.end();
            }
            if (!matches) {
                add(word, start, word.text().length(), out);
            }
        };
    }

    private static void add(Word word, int start, int end, List<Word> out) {
        if (start < end) {
            out.add(new Word(word.text().substring(start, end), word.first() && start == 0));
        }
    }
}
