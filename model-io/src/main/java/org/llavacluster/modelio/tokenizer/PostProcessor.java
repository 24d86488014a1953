package org.llavacluster.modelio.tokenizer;

import java.nio.file.Path;
import java.util.List;
import org.llavacluster.modelio.json.Fields;

/** Ids added around every text: in LLaVA's checkpoints a BOS in front, or nothing. */
record PostProcessor(int[] prefix, int[] suffix) {

    private static final int[] NOTHING = {};

    /**
     * Reads {@code tokenizer.json}. transformers uses {@code add_bos_token} of other files only if this file is
     * missing.
     */
    static PostProcessor read(Fields tokenizer, Vocabulary vocabulary) {
        return tokenizer
                .fields("post_processor")
                .map(post -> step(post, vocabulary))
                .orElse(new PostProcessor(NOTHING, NOTHING));
    }

    /** Reads a LLaMA tokenizer's tokenizer_config.json. */
    static PostProcessor withBos(Path folder, Fields config, Vocabulary vocabulary) {
        if (config.flag("add_eos_token", false)) {
            throw config.error("add_eos_token", "true is not supported: an answer could not follow");
        }
        if (!config.flag("add_bos_token", true)) {
            return new PostProcessor(NOTHING, NOTHING);
        }
        String bos = SpecialTokens.read(folder).byName().getOrDefault("bos_token", "<s>");
        int id = vocabulary.id(bos);
        if (id < 0) {
            throw config.error("bos_token", "\"" + bos + "\" is not in the vocabulary");
        }
        return new PostProcessor(new int[] {id}, NOTHING);
    }

    private static PostProcessor step(Fields post, Vocabulary vocabulary) {
        String type = post.text("type").orElse("");
        return switch (type) {
            case "ByteLevel" -> new PostProcessor(NOTHING, NOTHING);
            case "TemplateProcessing" -> template(post, vocabulary);
            case "Sequence" -> {
                IdBuffer prefix = new IdBuffer();
                IdBuffer suffix = new IdBuffer();
                List<Fields> steps = post.objects("processors");
                for (int i = 0; i < steps.size(); i++) {
                    PostProcessor step = step(steps.get(i), vocabulary);
                    suffix.addAll(step.suffix);
                    prefix.addAll(step.prefix);
                }
                yield new PostProcessor(prefix.toArray(), suffix.toArray());
            }
            default -> throw post.error("type", "\"" + type + "\" is not supported");
        };
    }

    private static PostProcessor template(Fields post, Vocabulary vocabulary) {
        IdBuffer prefix = new IdBuffer();
        IdBuffer suffix = new IdBuffer();
        boolean textSeen = false;
        for (Fields item : post.objects("single")) {
            if (item.has("Sequence")) {
                if (textSeen) {
                    throw post.error("single", "must contain the text once");
                }
                textSeen = true;
                continue;
            }
            Fields special = item.fields("SpecialToken").orElseThrow(() -> item.error("SpecialToken", "missing"));
            String name = special.text("id").orElseThrow(() -> special.error("id", "missing"));
            (textSeen ? suffix : prefix).addAll(ids(post, name, vocabulary));
        }
        if (!textSeen) {
            throw post.error("single", "must contain the text once");
        }
        return new PostProcessor(prefix.toArray(), suffix.toArray());
    }

    private static int[] ids(Fields post, String name, Vocabulary vocabulary) {
        List<Integer> ids = post.fields("special_tokens")
                .flatMap(tokens -> tokens.fields(name))
                .map(token -> token.integers("ids"))
                .orElseThrow(() -> post.error("special_tokens", "does not contain \"" + name + "\""));
        if (ids.isEmpty() || ids.stream().anyMatch(id -> vocabulary.token(id) == null)) {
            throw post.error("special_tokens", "\"" + name + "\" has no ids, or ids that are not tokens");
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
