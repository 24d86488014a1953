package org.llavacluster.text.jinja;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One rendering of a template: what it can see, what it wrote, and how much it may still do. Used by one thread. */
final class Rendering {

    /** Calls of macros and recursive loops within each other; Python's own limit lets about as many pass. */
    private static final int DEEPEST = 180;

    /** The template's names: those it set itself first, then those that it was given. */
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

    /** Takes note of work. */
    void work(long amount) {
        workLeft -= amount;
        if (workLeft < 0) {
            throw TemplateException.limit("does more work than a template may");
        }
    }

    void enter() {
        if (++depth > DEEPEST) {
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

    /** What the template has written so far outside macros and the like. */
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
