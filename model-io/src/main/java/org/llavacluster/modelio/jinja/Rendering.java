package org.llavacluster.modelio.jinja;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One rendering of a template: its variables, its output, and its remaining work. For one thread. */
final class Rendering {

    /** The template's names: first those it has set itself, then those it was given. */
    record Names(Map<String, Object> own, Map<String, Object> given) {

        /** The value, or null. */
        Object find(String name) {
            Object found = own.get(name);
            return found == null ? given.get(name) : found;
        }
    }

    private final Names names;
    private final Map<String, Code.Function> blocks;
    private final Supplier<LocalDateTime> clock;
    private final RopeBuilder output = new RopeBuilder(1024);
    private final List<JinjaTemplate.Span> generations = new ArrayList<>();
    private long workLeft;
    private int depth;
    private boolean autoescape;

    Rendering(Map<String, Object> given, Map<String, Code.Function> blocks, Supplier<LocalDateTime> clock, long work) {
        this.names = new Names(new HashMap<>(), given);
        this.blocks = blocks;
        this.clock = clock;
        this.workLeft = work;
    }

    /** Counts work and fails beyond the limit. */
    void work(long amount) {
        workLeft -= amount;
        if (workLeft < 0) {
            throw TemplateException.limit("does more work than a template may");
        }
    }

    void enter() {
        if (++depth > TemplateLimits.NESTED_CALLS) {
            throw TemplateException.recursion();
        }
    }

    void leave() {
        depth--;
    }

    Names names() {
        return names;
    }

    Code.Function block(String name) {
        return blocks.get(name);
    }

    LocalDateTime now() {
        return clock.get();
    }

    /** The template's output so far, outside of macros and the like. */
    RopeBuilder output() {
        return output;
    }

    List<JinjaTemplate.Span> generations() {
        return generations;
    }

    boolean autoescape() {
        return autoescape;
    }

    void setAutoescape(boolean on) {
        autoescape = on;
    }
}
