package org.llavacluster.modelio.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.llavacluster.modelio.json.Fields;

/**
 * Reads the {@code normalizer} of tokenizer.json. Unicode's normalisation forms are refused, because LLaMA's tokenizers
 * do not use them and versions of Unicode differ.
 */
final class Normalizers {

    private Normalizers() {}

    /**
     * @param holder the object with the field
     */
    static Normalizer read(Fields holder) {
        List<Normalizer.Step> steps = new ArrayList<>();
        holder.fields("normalizer").ifPresent(normalizer -> addSteps(normalizer, steps));
        return new Normalizer(steps);
    }

    private static void addSteps(Fields normalizer, List<Normalizer.Step> steps) {
        String type = normalizer.text("type").orElse("");
        switch (type) {
            case "Sequence" -> normalizer.objects("normalizers").forEach(each -> addSteps(each, steps));
            case "Prepend" ->
                steps.add(new Normalizer.Prepend(normalizer.text("prepend").orElse("")));
            case "Replace" -> steps.add(replace(normalizer));
            default -> throw normalizer.error("type", "\"" + type + "\" is not supported");
        }
    }

    /** Also used for a decoder of this type. */
    static Normalizer.Replace replace(Fields replace) {
        String content = replace.text("content").orElse("");
        Fields pattern = replace.fields("pattern").orElseThrow(() -> replace.error("pattern", "missing"));
        JsonNode literal = pattern.node("String").orElse(null);
        if (literal == null || !literal.isTextual() || literal.textValue().isEmpty()) {
            throw pattern.error("String", "missing: only plain strings can be replaced");
        }
        return new Normalizer.Replace(literal.textValue(), content);
    }
}
