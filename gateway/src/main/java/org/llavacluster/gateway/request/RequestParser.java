package org.llavacluster.gateway.request;

import static org.llavacluster.gateway.request.Refusals.beyond;
import static org.llavacluster.gateway.request.Refusals.outside;
import static org.llavacluster.gateway.request.Refusals.refuse;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.llavacluster.gateway.image.ImageIntake;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.prompt.ChatMessage;
import org.llavacluster.modelio.prompt.Prompt;
import org.llavacluster.modelio.prompt.PromptEncoder;
import org.llavacluster.modelio.prompt.PromptException;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * Converts a draft to a {@link ValidRequest} or refuses it, cheapest check first, so that an absurd request is never
 * tokenized. Every refusal is {@link Failure.Invalid} with the field, the limit and the value, except for a missing
 * model or image.
 */
public final class RequestParser {

    private final RequestLimits limits;
    private final ModelConfig model;
    private final PromptEncoder encoder;
    private final ImageIntake images;
    private final IntSupplier contextTokens;
    private final LongSupplier seeds;
    private final PromptFailureLog promptFailures;

    /**
     * @param contextTokens tokens that a prompt and its answer may have together at present
     * @param seeds draws a seed for a request without one
     */
    public RequestParser(
            RequestLimits limits,
            ModelConfig model,
            PromptEncoder encoder,
            ImageIntake images,
            IntSupplier contextTokens,
            LongSupplier seeds,
            PromptFailureLog promptFailures) {
        this.limits = limits;
        this.model = model;
        this.encoder = encoder;
        this.images = images;
        this.contextTokens = contextTokens;
        this.seeds = seeds;
        this.promptFailures = promptFailures;
    }

    public RequestLimits limits() {
        return limits;
    }

    public int contextTokens() {
        return contextTokens.getAsInt();
    }

    /** @param tenant whose stored images the request may refer to */
    public ValidRequest parse(String tenant, ChatDraft draft) {
        SamplingSettings sampling =
                SamplingRules.check(draft.sampling(), model.decoder().vocabulary(), seeds);
        EndingRules ending = new EndingRules(limits, model.decoder().vocabulary(), draft.ending());
        OptionalInt topLogprobs = topLogprobs(draft.topLogprobs());
        int choices = choices(draft.choices());
        int priority = priority(draft.priority());
        EncodedPrompt encoded = encode(tenant, draft.model(), draft.input());
        int maxTokens = fit(encoded, field(draft.input()), ending.maxTokens());
        return new ValidRequest(
                encoded.prompt(),
                encoded.images(),
                encoded.tokens(),
                sampling,
                ending.check(maxTokens, encoded.ends()),
                topLogprobs,
                choices,
                priority);
    }

    /**
     * Encodes only the prompt, to count its tokens.
     *
     * @param name of the model; empty for the only one
     */
    public EncodedPrompt encode(String tenant, String name, ChatDraft.Input input) {
        if (!name.isEmpty() && !name.equals(model.name())) {
            throw new FailureException(unknownModel());
        }
        EncodedPrompt encoded =
                switch (input) {
                    case ChatDraft.Conversation conversation -> conversation(tenant, conversation);
                    case ChatDraft.Raw raw -> raw(tenant, raw);
                };
        if (encoded.tokens() < 1) {
            throw refuse(field(input), "must give a prompt of at least one token, given 0");
        }
        return encoded;
    }

    /** The failure of a request for a model that is not served. */
    public Failure unknownModel() {
        return new Failure.UnknownModel("model: no model of that name is served here, the only one is " + model.name());
    }

    /** The field in errors about the whole prompt. */
    private static String field(ChatDraft.Input input) {
        return switch (input) {
            case ChatDraft.Conversation _ -> "messages";
            case ChatDraft.Raw _ -> "raw.text";
        };
    }

    private EncodedPrompt conversation(String tenant, ChatDraft.Conversation conversation) {
        List<ChatDraft.Message> messages = conversation.messages();
        if (messages.isEmpty()) {
            throw refuse("messages", "must not be empty");
        }
        if (messages.size() > limits.maxMessages()) {
            throw beyond("messages", "messages", limits.maxMessages(), messages.size());
        }
        checkTexts(messages);
        List<ChatDraft.Image> sent = messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(ChatDraft.Image.class::isInstance)
                .map(ChatDraft.Image.class::cast)
                .toList();
        checkCount("messages", sent);
        List<ValidRequest.Image> read = read(tenant, sent);
        return EncodedPrompt.of(prompt(messages), read, new EncodedPrompt.Ends(encoder.endIds(), encoder.stops()));
    }

    private Prompt prompt(List<ChatDraft.Message> messages) {
        try {
            return encoder.encode(
                    messages.stream().map(RequestParser::chatMessage).toList());
        } catch (PromptException e) {
            promptFailures.add(e);
            throw refuse("messages", "cannot be put into the model's chat template: " + e.getMessage());
        }
    }

    private void checkTexts(List<ChatDraft.Message> messages) {
        long bytes = 0;
        for (int i = 0; i < messages.size(); i++) {
            String field = "messages[" + i + "]";
            for (ChatDraft.Part part : messages.get(i).parts()) {
                if (part instanceof ChatDraft.Text(String text)) {
                    bytes += TextRules.bytes(field, text);
                }
            }
            if (bytes > limits.maxTextBytes()) {
                throw beyond("messages", "bytes of text", limits.maxTextBytes(), bytes);
            }
        }
    }

    private EncodedPrompt raw(String tenant, ChatDraft.Raw raw) {
        long bytes = TextRules.bytes("raw.text", raw.text());
        if (bytes > limits.maxTextBytes()) {
            throw beyond("raw.text", "bytes of text", limits.maxTextBytes(), bytes);
        }
        checkCount("raw.images", raw.images());
        Prompt prompt = encoder.encodeRaw(raw.text());
        if (prompt.images() != raw.images().size()) {
            throw refuse(
                    "raw.images",
                    "must be as many as the text has image tags: " + prompt.images() + " tags, "
                            + raw.images().size() + " images");
        }
        return EncodedPrompt.of(
                prompt,
                read(tenant, raw.images()),
                new EncodedPrompt.Ends(Set.copyOf(model.decoder().endIds()), List.of()));
    }

    private void checkCount(String field, List<ChatDraft.Image> sent) {
        if (sent.size() > limits.maxImages()) {
            throw beyond(field, "images", limits.maxImages(), sent.size());
        }
    }

    private List<ValidRequest.Image> read(String tenant, List<ChatDraft.Image> sent) {
        List<ValidRequest.Image> read = new ArrayList<>();
        long pixels = 0;
        for (ChatDraft.Image draft : sent) {
            read.add(new ValidRequest.Image(
                    draft.field(),
                    switch (draft.source()) {
                        case ChatDraft.Inline inline -> images.accept(tenant, draft.field(), inline.file());
                        case ChatDraft.Remote remote -> images.fetch(tenant, remote.field(), remote.url());
                        case ChatDraft.Stored stored -> images.recall(tenant, draft.field(), stored.id());
                    }));
            pixels += read.getLast().stored().pixels();
            if (pixels > RequestLimits.MAX_IMAGE_PIXELS) {
                throw beyond(draft.field(), "pixels of all images", RequestLimits.MAX_IMAGE_PIXELS, pixels);
            }
        }
        return read;
    }

    private static ChatMessage chatMessage(ChatDraft.Message message) {
        List<ChatMessage.Part> parts = new ArrayList<>();
        for (ChatDraft.Part part : message.parts()) {
            parts.add(
                    switch (part) {
                        case ChatDraft.Text(String text) -> new ChatMessage.Text(text);
                        case ChatDraft.Image draft -> new ChatMessage.Image();
                    });
        }
        return new ChatMessage(
                switch (message.role()) {
                    case SYSTEM -> ChatMessage.Role.SYSTEM;
                    case USER -> ChatMessage.Role.USER;
                    case ASSISTANT -> ChatMessage.Role.ASSISTANT;
                },
                parts);
    }

    private OptionalInt topLogprobs(OptionalLong given) {
        if (given.isEmpty()) {
            return OptionalInt.empty();
        }
        long count = given.getAsLong();
        if (count < 0 || count > limits.maxTopLogprobs()) {
            throw outside("top_logprobs", "from 0 to " + limits.maxTopLogprobs(), count);
        }
        return OptionalInt.of((int) count);
    }

    private static int choices(OptionalLong given) {
        long choices = given.orElse(1);
        if (choices < 1 || choices > RequestLimits.MAX_CHOICES) {
            throw outside("n", "from 1 to " + RequestLimits.MAX_CHOICES, choices);
        }
        return (int) choices;
    }

    private static int priority(OptionalLong given) {
        long priority = given.orElse(0);
        if (priority < -RequestLimits.MAX_PRIORITY || priority > RequestLimits.MAX_PRIORITY) {
            throw outside(
                    "priority", "from -" + RequestLimits.MAX_PRIORITY + " to " + RequestLimits.MAX_PRIORITY, priority);
        }
        return (int) priority;
    }

    /**
     * How many tokens may be generated: the requested number if the context holds it, by default as many as fit up to
     * the default.
     */
    private int fit(EncodedPrompt prompt, String promptField, OptionalInt asked) {
        int context = contextTokens();
        int room = context - prompt.tokens();
        if (room < 1) {
            throw exceeded(promptField, context, prompt, "so the prompt is too long");
        }
        if (asked.isPresent() && asked.getAsInt() >= context) {
            throw outside("max_tokens", "less than the context of " + context + " tokens", asked.getAsInt());
        }
        if (asked.isPresent() && asked.getAsInt() > room) {
            throw exceeded("max_tokens", context, prompt, "and max_tokens is " + asked.getAsInt());
        }
        return asked.orElse(Math.min(limits.defaultMaxTokens(), room));
    }

    /** In the words by which clients know this error: OpenAI's, and "prompt is too long", for which LangChain looks. */
    private FailureException exceeded(String field, int context, EncodedPrompt prompt, String why) {
        String message = field + ": this model's maximum context length is " + context
                + " tokens; the prompt has " + prompt.tokens() + " tokens, " + prompt.imageTokens()
                + " of them of images, " + why;
        return new FailureException(new Failure.ContextExceeded(field, message));
    }
}
