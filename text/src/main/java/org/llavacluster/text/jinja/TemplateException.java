package org.llavacluster.text.jinja;

import java.util.Locale;
import java.util.Optional;

/**
 * A template that cannot be compiled, or that failed while it rendered. The message names the place in the template and what was
 * wrong, and never repeats a value: values hold what people wrote.
 */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What went wrong, by the family of Python's exception. */
    public enum Kind {
        /** The source is no template. */
        SYNTAX,
        /** Something was asked of a value that is not there. */
        UNDEFINED,
        /** The template reached for what the sandbox keeps from it. */
        SECURITY,
        /** The template itself refused, by {@code raise_exception}. */
        RAISED,
        RUNTIME,
        TYPE,
        VALUE,
        ARITHMETIC,
        LOOKUP,
        RECURSION,
        /** More work, memory or output than a template may use; Python has no such limit. */
        LIMIT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Kind kind;
    private final String problem;
    private final int line;
    private final int column;
    private final transient Rope raised;

    TemplateException(Kind kind, String problem) {
        this(kind, problem, 0, 0, null);
    }

    TemplateException(Kind kind, String problem, int line, int column, Rope raised) {
        super(line > 0 ? "line " + line + ", column " + column + ": " + problem : problem);
        this.kind = kind;
        this.problem = problem;
        this.line = line;
        this.column = column;
        this.raised = raised;
    }

    static TemplateException type(String problem) {
        return new TemplateException(Kind.TYPE, problem);
    }

    static TemplateException value(String problem) {
        return new TemplateException(Kind.VALUE, problem);
    }

    static TemplateException lookup(String problem) {
        return new TemplateException(Kind.LOOKUP, problem);
    }

    static TemplateException arithmetic(String problem) {
        return new TemplateException(Kind.ARITHMETIC, problem);
    }

    static TemplateException runtime(String problem) {
        return new TemplateException(Kind.RUNTIME, problem);
    }

    static TemplateException limit(String problem) {
        return new TemplateException(Kind.LIMIT, problem);
    }

    static TemplateException recursion() {
        return new TemplateException(Kind.RECURSION, "calls itself too deeply");
    }

    /** This failure at a place, unless it already has one: the innermost counts. */
    TemplateException at(int atLine, int atColumn) {
        if (line > 0) {
            return this;
        }
        TemplateException placed = new TemplateException(kind, problem, atLine, atColumn, raised);
        placed.setStackTrace(getStackTrace());
        return placed;
    }

    public Kind kind() {
        return kind;
    }

    /** What was wrong, without the place. */
    public String problem() {
        return problem;
    }

    /** From 1; 0 where the failure has no place. */
    public int line() {
        return line;
    }

    /** In code points from 1; 0 where the failure has no place. */
    public int column() {
        return column;
    }

    /** What the template gave to {@code raise_exception}; it may repeat what a person wrote. */
    public Optional<Rope> raised() {
        return Optional.ofNullable(raised);
    }
}
