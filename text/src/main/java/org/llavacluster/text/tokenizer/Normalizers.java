package org.llavacluster.text.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.UnaryOperator;
import org.llavacluster.text.json.Fields;

/**
 * Reads the {@code normalizer} of tokenizer.json: what is done to a text between added tokens before it is split. Unicode's
 * normalisation forms are refused: LLaMA's tokenizers have none, and versions of Unicode differ.
 */
final class Normalizers {

    private Normalizers() {}

    /** @param holder the object whose field it is */
    static UnaryOperator<String> read(Fields holder) {
        return holder.fields("normalizer").map(Normalizers::step).orElse(UnaryOperator.identity());
    }

    private static UnaryOperator<String> step(Fields normalizer) {
        String type = normalizer.text("type").orElse("");
        return switch (type) {
            case "Sequence" -> sequence(normalizer.objects("normalizers"));
            case "Prepend" -> {
                String prefix = normalizer.text("prepend").orElse("");
                yield text -> text.isEmpty() ? text : prefix + text;
            }
            case "Replace" -> replace(normalizer);
            default -> throw normalizer.error("type", "\"" + type + "\" is not supported");
        };
    }

    private static UnaryOperator<String> sequence(List<Fields> items) {
        List<UnaryOperator<String>> steps =
                items.stream().map(Normalizers::step).toList();
        return text -> {
            String result = text;
            for (UnaryOperator<String> step : steps) {
                result = step.apply(result);
            }
            return result;
        };
    }

    /** Also what a decoder of this type does to a token. */
    static UnaryOperator<String> replace(Fields replace) {
        String content = replace.text("content").orElse("");
        Fields pattern = replace.fields("pattern").orElseThrow(() -> replace.error("pattern", "missing"));
        JsonNode literal = pattern.node("String").orElse(null);
        if (literal == null || !literal.isTextual() || literal.textValue().isEmpty()) {
            throw pattern.error("String", "missing: only plain strings can be replaced");
        }
        String sought = literal.textValue();
        return text -> text.replace(sought, content);
    }
}
