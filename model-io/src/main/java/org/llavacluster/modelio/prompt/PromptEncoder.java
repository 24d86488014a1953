package org.llavacluster.modelio.prompt;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelConfig.Layout;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.jinja.Rope;
import org.llavacluster.modelio.jinja.TemplateException;
import org.llavacluster.modelio.prompt.Prompt.Image;
import org.llavacluster.modelio.tokenizer.SpecialTokens;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.modelio.tokenizer.Tokenizer.Control;
import org.llavacluster.modelio.tokenizer.Tokenizer.Plain;

/** Encodes conversations to prompts by the model's chat template. Thread-safe. */
public final class PromptEncoder {

    /** Marks an image in prompts of the original layout, where it is not a token. */
    static final String ORIGINAL_IMAGE = "<image>";

    private final Tokenizer tokenizer;
    private final ModelConfig config;
    private final ChatTemplate template;
    private final String bos;

    private PromptEncoder(Tokenizer tokenizer, ModelConfig config, ChatTemplate template, SpecialTokens special) {
        this.tokenizer = tokenizer;
        this.config = config;
        this.template = template;
        this.bos = special.byName().getOrDefault("bos_token", "");
    }

    /**
     * @param templateName one of the original templates, or of the folder's. By default the model's own: the folder's
     *     chat template, for the original layout the template that its code uses for the folder's name, and for a
     *     Hugging Face folder without one the template that such models were trained with
     * @throws ModelFormatException if there is no such template or it cannot be used
     */
    public static PromptEncoder of(ModelFolder folder, Tokenizer tokenizer, Optional<String> templateName) {
        return of(folder, tokenizer, templateName, LocalDateTime::now);
    }

    /**
     * @param clock local time for templates that write the date
     */
    public static PromptEncoder of(
            ModelFolder folder, Tokenizer tokenizer, Optional<String> templateName, Supplier<LocalDateTime> clock) {
        SpecialTokens special = SpecialTokens.read(folder.folder());
        ModelConfig config = folder.config();
        String image = config.layout() == Layout.ORIGINAL ? ORIGINAL_IMAGE : special.image();
        if (config.layout() == Layout.HUGGING_FACE && tokenizer.idOf(image) != config.imageTokenId()) {
            throw new ModelFormatException("config.json: image_token_index: is " + config.imageTokenId()
                    + ", but the tokenizer's id of \"" + image + "\" is " + tokenizer.idOf(image));
        }
        ChatTemplate template = template(folder, special, templateName, clock);
        return new PromptEncoder(tokenizer, config, template, special);
    }

    private static ChatTemplate template(
            ModelFolder folder, SpecialTokens special, Optional<String> templateName, Supplier<LocalDateTime> clock) {
        ModelConfig config = folder.config();
        CheckpointTemplates own = CheckpointTemplates.read(folder.folder());
        if (templateName.isPresent()) {
            String name = templateName.get();
            Optional<OriginalTemplate> original = OriginalTemplate.named(name);
            if (original.isPresent()) {
                return original.get();
            }
            String source = own.named(name)
                    .orElseThrow(() -> new ModelFormatException("chat template \"" + name + "\" is not known (known: "
                            + String.join(", ", OriginalTemplate.names()) + "; in the folder: "
                            + own.byName().keySet()
                            + ")"));
            return new CheckpointTemplate(own.source(), source, special.byName(), special.image(), clock);
        }
        if (config.layout() == Layout.ORIGINAL) {
            return OriginalTemplate.forModel(config.name());
        }
        if (!own.isEmpty()) {
            return new CheckpointTemplate(own.source(), own.main(), special.byName(), special.image(), clock);
        }
        return config.name().toLowerCase(Locale.ROOT).contains("mistral")
                ? OriginalTemplate.MISTRAL_INSTRUCT
                : OriginalTemplate.VICUNA_V1;
    }

    /**
     * The prompt for an answer to these messages.
     *
     * @throws PromptException if the template cannot render them
     */
    public Prompt encode(List<ChatMessage> messages) {
        if (messages.isEmpty()) {
            throw new PromptException("messages: must not be empty");
        }
        Rope text = rendered(messages);
        boolean startsItself = config.layout() == Layout.HUGGING_FACE
                && !bos.isEmpty()
                && text.text().startsWith(bos)
                && !text.hasUserText(0, bos.length());
        Prompt prompt = prompt(text, !startsItself);
        long given = messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(ChatMessage.Image.class::isInstance)
                .count();
        if (prompt.images() != given) {
            throw new PromptException(
                    "messages: the chat template renders only " + prompt.images() + " of the " + given + " images");
        }
        return prompt;
    }

    private Rope rendered(List<ChatMessage> messages) {
        try {
            return template.render(messages);
        } catch (TemplateException e) {
            throw new PromptException("messages: the prompt cannot be laid out: " + e.getMessage(), e);
        }
    }

    /** Encodes a raw prompt, in which special tokens and {@code <image>} are recognised. */
    public Prompt encodeRaw(String prompt) {
        return prompt(Rope.of(prompt), true);
    }

    /**
     * Strings that end an answer under this template in addition to the end ids: {@code ###} for templates without an
     * end token.
     */
    public List<String> stops() {
        return template.stops().stream()
                .filter(stop -> !tokenizer.controlTokens().contains(stop))
                .toList();
    }

    /** Ids that end an answer: the model's, and those of the template's own end marks. */
    public Set<Integer> endIds() {
        Set<Integer> ids = new LinkedHashSet<>(config.decoder().endIds());
        template.stops().stream()
                .filter(tokenizer.controlTokens()::contains)
                .map(tokenizer::idOf)
                .forEach(ids::add);
        return ids;
    }

    private Prompt prompt(Rope text, boolean prefixed) {
        Segments segments = new Segments();
        if (prefixed) {
            segments.add(tokenizer.prefix());
        }
        if (config.layout() == Layout.ORIGINAL) {
            addOriginal(text, segments);
        } else {
            addPieces(text, segments);
        }
        segments.add(tokenizer.suffix());
        return segments.prompt();
    }

    /** The original code splits at images and encodes each text on its own; only the first BOS stays. */
    private void addOriginal(Rope text, Segments segments) {
        int done = 0;
        int at = text.text().indexOf(ORIGINAL_IMAGE);
        while (at >= 0) {
            int end = at + ORIGINAL_IMAGE.length();
            if (!text.hasUserText(at, end)) {
                addPieces(text.sub(done, at), segments);
                segments.addImage();
                done = end;
            }
            at = text.text().indexOf(ORIGINAL_IMAGE, at + 1);
        }
        addPieces(text.sub(done, text.units()), segments);
    }

    private void addPieces(Rope text, Segments segments) {
        for (Tokenizer.Piece piece : tokenizer.pieces(text.text(), text::hasUserText)) {
            switch (piece) {
                case Plain plain -> segments.add(plain.ids());
                case Control control when control.id() == config.imageTokenId() -> segments.addImage();
                case Control control -> segments.add(control.id());
            }
        }
    }

    /** Collects the segments of a prompt. */
    private static final class Segments {

        private final List<Prompt.Segment> done = new ArrayList<>();
        private int[] ids = new int[64];
        private int count;
        private int images;

        void add(int... more) {
            if (count + more.length > ids.length) {
                ids = Arrays.copyOf(ids, Math.max(count + more.length, 2 * ids.length));
            }
            System.arraycopy(more, 0, ids, count, more.length);
            count += more.length;
        }

        void addImage() {
            flush();
            done.add(new Image(images++));
        }

        Prompt prompt() {
            flush();
            return new Prompt(done);
        }

        private void flush() {
            if (count > 0) {
                done.add(new Prompt.Tokens(Arrays.copyOf(ids, count)));
                count = 0;
            }
        }
    }
}
