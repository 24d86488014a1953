package org.llavacluster.modelio.config;

import java.util.List;
import java.util.OptionalDouble;
import org.llavacluster.modelio.config.RopeConfig.Scaling;
import org.llavacluster.modelio.json.Fields;

/**
 * Reads the rotary embedding: {@code rope_parameters}, or {@code rope_theta} with {@code rope_scaling} as written
 * before 2025.
 */
final class RopeFields {

    private static final List<String> KNOWN = List.of("default", "linear", "dynamic", "llama3", "yarn");
    private static final String ORIGINAL = "original_max_position_embeddings";

    private RopeFields() {}

    static RopeConfig read(Fields text, int contextTokens) {
        double theta = text.positiveNumber("rope_theta", 10000);
        String field = text.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
        if (!text.has(field)) {
            return new RopeConfig(theta, new Scaling.None());
        }
        Fields rope = text.fields(field).orElseThrow();
        theta = rope.positiveNumber("rope_theta", theta);
        if (rope.number("partial_rotary_factor").orElse(1) != 1) {
            throw rope.error("partial_rotary_factor", "is not supported");
        }
        return new RopeConfig(theta, scaling(text, rope, contextTokens));
    }

    private static Scaling scaling(Fields text, Fields rope, int contextTokens) {
        String typeField = rope.has("rope_type") || !rope.has("type") ? "rope_type" : "type";
        String type = Unsupported.oneOf(rope, typeField, "default", KNOWN);
        return switch (type) {
            case "linear" -> new Scaling.Linear(factor(rope));
            case "dynamic" -> dynamic(rope, originalContext(text, rope, contextTokens), contextTokens);
            case "llama3" -> llama3(rope);
            case "yarn" -> yarn(rope, originalContext(text, rope, contextTokens), contextTokens);
            default -> new Scaling.None();
        };
    }

    /**
     * Dynamic scaling changes frequencies only beyond the original context, so it has no effect within it and is
     * refused beyond it.
     */
    private static Scaling dynamic(Fields rope, int originalContext, int contextTokens) {
        factor(rope);
        if (contextTokens > originalContext) {
            throw rope.error(
                    "rope_type",
                    "\"dynamic\" is not supported beyond its original context: max_position_embeddings is "
                            + contextTokens + ", " + ORIGINAL + " " + originalContext);
        }
        return new Scaling.None();
    }

    private static Scaling llama3(Fields rope) {
        double low = required(rope, "low_freq_factor");
        double high = required(rope, "high_freq_factor");
        if (high <= low) {
            throw rope.error("high_freq_factor", "must be above low_freq_factor " + low + ", is " + high);
        }
        required(rope, ORIGINAL);
        return new Scaling.Llama3(factor(rope), low, high, rope.positive(ORIGINAL, 0));
    }

    /** If the factor is missing, it is the growth of the context. */
    private static Scaling yarn(Fields rope, int originalContext, int contextTokens) {
        double factor = rope.has("factor") ? factor(rope) : (double) contextTokens / originalContext;
        double fast = orDefault(rope, "beta_fast", 32);
        double slow = orDefault(rope, "beta_slow", 1);
        if (fast < slow) {
            throw rope.error("beta_fast", "must be at least beta_slow " + slow + ", is " + fast);
        }
        return new Scaling.Yarn(
                factor, fast, slow, originalContext, attentionFactor(rope, factor), rope.flag("truncate", true));
    }

    /** {@code attention_factor}, or the ratio given by DeepSeek's mscale and mscale_all_dim. */
    private static OptionalDouble attentionFactor(Fields rope, double factor) {
        if (rope.has("attention_factor")) {
            return OptionalDouble.of(rope.positiveNumber("attention_factor", 1));
        }
        double mscale = rope.number("mscale").orElse(0);
        double allDims = rope.number("mscale_all_dim").orElse(0);
        if (mscale == 0 || allDims == 0) {
            return OptionalDouble.empty();
        }
        double growth = factor <= 1 ? 0 : 0.1 * Math.log(factor);
        return OptionalDouble.of((mscale * growth + 1) / (allDims * growth + 1));
    }

    /** Phi-3 and others keep it beside the rope object; that value takes precedence, as in transformers. */
    private static int originalContext(Fields text, Fields rope, int contextTokens) {
        return text.has(ORIGINAL) ? text.positive(ORIGINAL, 0) : rope.positive(ORIGINAL, contextTokens);
    }

    private static double factor(Fields rope) {
        double factor = required(rope, "factor");
        if (factor < 1) {
            throw rope.error("factor", "must be at least 1, is " + factor);
        }
        return factor;
    }

    private static double required(Fields rope, String field) {
        if (!rope.has(field)) {
            throw rope.error(field, "missing");
        }
        return rope.positiveNumber(field, 0);
    }

    private static double orDefault(Fields rope, String field, double byDefault) {
        return rope.number(field).orElse(0) == 0 ? byDefault : rope.positiveNumber(field, byDefault);
    }
}
