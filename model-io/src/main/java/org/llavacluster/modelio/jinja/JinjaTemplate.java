package org.llavacluster.modelio.jinja;

import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A compiled chat template. Immutable and thread-safe. */
public final class JinjaTemplate {

    private static final Map<String, Object> GLOBALS = Globals.all();

    private final Code.Function root;
    private final Map<String, Code.Function> blocks;

    JinjaTemplate(Code.Function root, Map<String, Code.Function> blocks) {
        this.root = root;
        this.blocks = blocks;
    }

    /**
     * @throws TemplateException if the source is not a template
     */
    public static JinjaTemplate compile(String source) {
        try {
            return Compiler.compile(TemplateSource.of(source));
        } catch (StackOverflowError e) {
            throw new TemplateException(TemplateException.Kind.RECURSION, "nests too deeply");
        }
    }

    /**
     * The output of a template.
     *
     * @param generations parts marked as written by the model, in the order in which the marks end
     */
    public record Rendered(Rope text, List<Span> generations) {}

    /**
     * A marked part of the text.
     *
     * @param start in UTF-16 units
     * @param length in code points
     */
    public record Span(int start, int length) {}

    /**
     * @param values values that the template can see, by name; created by {@link JinjaValues}
     * @param clock local time for templates that write the date
     * @throws TemplateException if the template fails
     */
    public Rendered render(Map<String, Object> values, Supplier<LocalDateTime> clock) {
        return render(values, clock, TemplateLimits.WORK);
    }

    Rendered render(Map<String, Object> values, Supplier<LocalDateTime> clock, long work) {
        Map<String, Object> given = new HashMap<>(GLOBALS);
        given.putAll(values);
        Rendering rendering = new Rendering(given, blocks, clock, work);
        try {
            root.run(rendering, rendering.names(), rendering.output());
        } catch (StackOverflowError e) {
            throw TemplateException.recursion();
        }
        return new Rendered(rendering.output().rope(), List.copyOf(rendering.generations()));
    }
}
