package org.llavacluster.modelio.prompt;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.jinja.JinjaTemplate;
import org.llavacluster.modelio.jinja.JinjaValues;
import org.llavacluster.modelio.jinja.Rope;
import org.llavacluster.modelio.jinja.RopeBuilder;
import org.llavacluster.modelio.jinja.TemplateException;
import org.llavacluster.modelio.prompt.ChatMessage.Image;
import org.llavacluster.modelio.prompt.ChatMessage.Part;
import org.llavacluster.modelio.prompt.ChatMessage.Text;

/** A checkpoint's own chat template, applied as transformers does. */
final class CheckpointTemplate implements ChatTemplate {

    private static final int LONGEST_REFUSAL = 200;

    private final JinjaTemplate template;
    private final Map<String, String> specialTokens;
    private final String imageToken;
    private final Supplier<LocalDateTime> clock;
    private final boolean typedContent;

    /**
     * @param source name for messages: a file's name
     * @param specialTokens by their names in templates: {@code bos_token} ...
     * @param clock local time for templates that write the date
     * @throws ModelFormatException if it is not a template, or accepts messages neither with typed content nor with
     *     strings
     */
    CheckpointTemplate(
            String source,
            String template,
            Map<String, String> specialTokens,
            String imageToken,
            Supplier<LocalDateTime> clock) {
        this.specialTokens = specialTokens;
        this.imageToken = imageToken;
        this.clock = clock;
        try {
            this.template = JinjaTemplate.compile(template);
            this.typedContent = takesTypedContent();
        } catch (TemplateException e) {
            throw new ModelFormatException(source + ": chat_template: " + problem(e), e);
        }
    }

    private static String problem(TemplateException e) {
        return e.kind() == TemplateException.Kind.RAISED
                ? "refuses every conversation: " + refusal(e)
                : e.getMessage() + " (" + e.kind() + " error)";
    }

    @Override
    public List<String> stops() {
        return List.of();
    }

    @Override
    public Rope render(List<ChatMessage> messages) {
        try {
            return render(messages, typedContent);
        } catch (TemplateException e) {
            throw new PromptException(
                    e.kind() == TemplateException.Kind.RAISED
                            ? "messages: the model's chat template refuses them: " + refusal(e)
                            : "messages: the model's chat template fails at " + problem(e),
                    e);
        }
    }

    /** The template's own message, without text of users. */
    private static String refusal(TemplateException e) {
        String text = e.problem().replaceAll("\\s+", " ");
        return text.substring(
                0, text.offsetByCodePoints(0, Math.min(LONGEST_REFUSAL, text.codePointCount(0, text.length()))));
    }

    private Rope render(List<ChatMessage> messages, boolean typed) {
        List<Object> plain = new ArrayList<>();
        for (ChatMessage message : messages) {
            Object role = JinjaValues.text(message.role().name().toLowerCase(Locale.ROOT));
            Object content = typed ? typed(message.parts()) : joined(message.parts());
            plain.add(JinjaValues.dict(Map.of("role", role, "content", content)));
        }
        Map<String, Object> context = new HashMap<>();
        specialTokens.forEach((name, token) -> context.put(name, JinjaValues.text(token)));
        context.put("messages", JinjaValues.list(plain));
        context.put("tools", JinjaValues.none());
        context.put("documents", JinjaValues.none());
        context.put("add_generation_prompt", true);
        return template.render(context, clock).text();
    }

    private static Object typed(List<Part> parts) {
        return JinjaValues.list(parts.stream()
                .map(part -> switch (part) {
                    case Text text ->
                        JinjaValues.dict(
                                Map.of("type", JinjaValues.text("text"), "text", JinjaValues.userText(text.text())));
                    case Image _ -> JinjaValues.dict(Map.of("type", JinjaValues.text("image")));
                })
                .toList());
    }

    private Object joined(List<Part> parts) {
        RopeBuilder content = new RopeBuilder();
        for (Part part : parts) {
            switch (part) {
                case Text text -> content.append(text.text(), true);
                case Image _ -> content.append(imageToken + "\n");
            }
        }
        return content.rope();
    }

    /**
     * Whether the template accepts a list as a message's content. Templates of text models expect a string and would
     * print a list, or fail.
     */
    private boolean takesTypedContent() {
        List<ChatMessage> probe = List.of(new ChatMessage(ChatMessage.Role.USER, List.of(new Text("probe"))));
        try {
            if (!render(probe, true).text().contains("'type'")) {
                return true;
            }
        } catch (TemplateException _) {
            // It may accept strings.
        }
        render(probe, false);
        return false;
    }
}
