package org.llavacluster.text.prompt;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaNodePreProcessor;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.interpret.TemplateError.ErrorType;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.llavacluster.text.config.ModelFormatException;
import org.llavacluster.text.prompt.ChatMessage.Part;
import org.llavacluster.text.prompt.ChatMessage.Picture;
import org.llavacluster.text.prompt.ChatMessage.Text;

/**
 * A checkpoint's own chat template, with the meaning that transformers gives it. It comes from whoever made the checkpoint, so it can
 * reach nothing but the messages, and what it writes and how much it does are bounded.
 */
final class JinjaTemplate implements ChatTemplate {

    private static final int LONGEST_OUTPUT = 16 << 20;
    private static final int LARGEST_RANGE = 100_000;
    private static final int MAX_NODES = 1_000_000;
    private static final String PROBE = "probe";

    private final String source;
    private final String template;
    private final Map<String, String> specialTokens;
    private final String imageToken;
    private final Jinjava jinjava;
    private final boolean typedContent;

    /**
     * @param source of the template, for messages: a file's name
     * @param specialTokens by the names under which templates know them: {@code bos_token} ...
     */
    JinjaTemplate(String source, String template, Map<String, String> specialTokens, String imageToken) {
        this(source, template, specialTokens, imageToken, MAX_NODES);
    }

    JinjaTemplate(String source, String template, Map<String, String> specialTokens, String imageToken, int maxNodes) {
        this.jinjava = jinjava(maxNodes);
        this.source = source;
        this.template = rewritten(template);
        this.specialTokens = specialTokens;
        this.imageToken = imageToken;
        this.typedContent = takesTypedContent();
    }

    @Override
    public List<String> stops() {
        return List.of();
    }

    @Override
    public String render(List<ChatMessage> messages) {
        return render(messages, typedContent);
    }

    private String render(List<ChatMessage> messages, boolean typed) {
        List<Map<String, Object>> plain = new ArrayList<>();
        for (ChatMessage message : messages) {
            Map<String, Object> entry = new HashMap<>();
            entry.put("role", message.role().name().toLowerCase(Locale.ROOT));
            entry.put("content", typed ? typed(message.parts()) : joined(message.parts()));
            plain.add(entry);
        }
        Map<String, Object> context = new HashMap<>(specialTokens);
        context.put("messages", plain);
        context.put("add_generation_prompt", true);
        RenderResult result = jinjava.renderForResult(template, context);
        for (TemplateError error : result.getErrors()) {
            if (System.getProperty("dbg") != null) System.out.println("ERR " + error);
            if (error.getSeverity() == ErrorType.FATAL) {
                throw refused(error, messages);
            }
        }
        return result.getOutput();
    }

    /** What the template says, unless it repeats what someone typed: errors hold no content. */
    private static PromptException refused(TemplateError error, List<ChatMessage> messages) {
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof PromptException refused) {
                return repeats(refused.getMessage(), messages)
                        ? new PromptException("messages: the model's chat template refuses them")
                        : refused;
            }
        }
        return new PromptException(
                "messages: the model's chat template fails at its line " + error.getLineno() + ": " + error.getReason(),
                error.getException());
    }

    private static boolean repeats(String message, List<ChatMessage> messages) {
        return messages.stream()
                .flatMap(each -> each.parts().stream())
                .anyMatch(part -> part instanceof Text text
                        && !text.text().isBlank()
                        && message.contains(text.text().strip().replaceAll("\\s+", " ")));
    }

    private static List<Map<String, Object>> typed(List<Part> parts) {
        List<Map<String, Object>> content = new ArrayList<>();
        for (Part part : parts) {
            content.add(
                    switch (part) {
                        case Text text -> Map.of("type", "text", "text", text.text());
                        case Picture _ -> Map.of("type", "image");
                    });
        }
        return content;
    }

    private String joined(List<Part> parts) {
        StringBuilder content = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Text text -> content.append(text.text());
                case Picture _ -> content.append(imageToken).append('\n');
            }
        }
        return content.toString();
    }

    private String rewritten(String original) {
        Context known = jinjava.getGlobalContext();
        JinjaExpression expression =
                new JinjaExpression(name -> known.getFilter(name) != null, name -> known.getExpTest(name) != null);
        try {
            return JinjaSource.rewritten(original, expression::rewrite);
        } catch (PromptException e) {
            throw unusable(e);
        }
    }

    private ModelFormatException unusable(PromptException e) {
        return new ModelFormatException(
                source + ": chat_template: " + e.getMessage().replaceFirst("^messages: ", ""), e);
    }

    /** Templates of text models take a message's content as a string: a list they would print as one, or fail at. */
    private boolean takesTypedContent() {
        List<ChatMessage> probe = List.of(new ChatMessage(ChatMessage.Role.USER, List.of(new Text(PROBE))));
        try {
            String text = render(probe, true);
            if (!text.contains("'type'") && !text.contains("type=")) {
                return true;
            }
        } catch (PromptException _) {
            // Perhaps it takes strings.
        }
        try {
            render(probe, false);
            return false;
        } catch (PromptException e) {
            throw unusable(e);
        }
    }

    private static Jinjava jinjava(int maxNodes) {
        Jinjava jinjava = new Jinjava(JinjavaConfig.newBuilder()
                .withNestedInterpretationEnabled(false)
                .withFailOnUnknownTokens(false)
                .withElResolver(new PythonResolver())
                .withMaxOutputSize(LONGEST_OUTPUT)
                .withMaxStringLength(LONGEST_OUTPUT)
                .withRangeLimit(LARGEST_RANGE)
                .withMaxListSize(LARGEST_RANGE)
                .withMaxMapSize(LARGEST_RANGE)
                .withMaxRenderDepth(20)
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withIterateOverMapKeys(true)
                        .withUsePyishObjectMapper(true)
                        .withUseNaturalOperatorPrecedence(true)
                        .withParseWhitespaceControlStrictly(true)
                        .withUseSnakeCasePropertyNaming(true)
                        .withAllowAdjacentTextNodes(true)
                        .withKeepNullableLoopValues(true)
                        .build())
                .withDisabled(Map.of(
                        Context.Library.TAG,
                        Set.of("include", "import", "from", "extends", "block", "cycle", "do"),
                        Context.Library.FILTER,
                        Set.of("log", "render", "fromyaml", "fromjson", "random", "shuffle")))
                .withProcessors(JinjavaProcessors.newBuilder()
                        .withNodePreProcessor(new NodeBudget(maxNodes))
                        .build())
                .build());
        jinjava.registerTag(new GenerationTag());
        jinjava.registerTag(new ForIfTag());
        jinjava.registerFilter(new PythonTextFilter());
        jinjava.registerFunction(new ELFunctionDefinition("", "raise_exception", Refusal.class, "raise", Object.class));
        jinjava.registerFunction(new ELFunctionDefinition("", "strftime_now", Refusal.class, "noClock", Object.class));
        return jinjava;
    }

    /** Ends a rendering that does too much: told of every node before it is rendered. */
    private static final class NodeBudget extends JinjavaNodePreProcessor {

        private static final String KEY = "org.llavacluster.nodes";

        private final int maxNodes;

        NodeBudget(int maxNodes) {
            this.maxNodes = maxNodes;
        }

        @Override
        public void accept(Node node, JinjavaInterpreter interpreter) {
            super.accept(node, interpreter);
            Context top = interpreter.getContext();
            while (top.getParent() != null && top.getParent().getParent() != null) {
                top = top.getParent();
            }
            int nodes = top.get(KEY) instanceof Integer before ? before + 1 : 1;
            if (nodes > maxNodes) {
                throw new PromptException(
                        "messages: the model's chat template renders more than " + maxNodes + " nodes");
            }
            top.put(KEY, nodes);
        }
    }

    /** Functions that end the rendering. Public because the template engine calls them by reflection. */
    public static final class Refusal {

        private static final int LONGEST = 200;

        private Refusal() {}

        /** What templates call to refuse a conversation. */
        public static Object raise(Object message) {
            String text = String.valueOf(message).replaceAll("\\s+", " ");
            throw new PromptException("messages: the model's chat template refuses them: "
                    + text.substring(0, Math.min(LONGEST, text.length())));
        }

        /** The date would make equal requests differ. */
        public static Object noClock(Object format) {
            throw new PromptException("messages: the model's chat template calls strftime_now, which is not supported");
        }
    }
}
