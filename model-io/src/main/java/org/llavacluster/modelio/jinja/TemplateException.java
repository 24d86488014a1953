package org.llavacluster.modelio.jinja;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A template that cannot be compiled or that failed during rendering. The message names the position in the template
 * and the cause, and never contains a value, because values hold text of users.
 */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The kind of failure, by family of Python's exceptions. */
    public enum Kind {
        /** The source is not a template. */
        SYNTAX,
        /** Use of a value that does not exist. */
        UNDEFINED,
        /** Use of something that the sandbox forbids. */
        SECURITY,
        /** The template called {@code raise_exception}. */
        RAISED,
        RUNTIME,
        TYPE,
        VALUE,
        ARITHMETIC,
        LOOKUP,
        RECURSION,
        /** More work, memory or output than a template may use. Python has no such limit. */
        LIMIT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");

    private final Kind kind;
    private final String problem;
    private final int line;
    private final int column;
    private final transient Rope raised;

    TemplateException(Kind kind, String problem) {
        this(kind, problem, 0, 0, null);
    }

    TemplateException(Kind kind, String problem, int line, int column, Rope raised) {
        super(line > 0 ? "line " + line + ", column " + column + ": " + oneLine(problem) : oneLine(problem));
        this.kind = kind;
        this.problem = oneLine(problem);
        this.line = line;
        this.column = column;
        this.raised = raised;
    }

    /** Names from a template may have line breaks and control characters in them. */
    private static String oneLine(String problem) {
        return CONTROLS.matcher(problem).replaceAll(" ");
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

    /** This failure at a position, unless it already has an inner one. */
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

    /** The cause without the position. */
    public String problem() {
        return problem;
    }

    /** From 1; 0 if the failure has no position. */
    public int line() {
        return line;
    }

    /** In code points from 1; 0 if the failure has no position. */
    public int column() {
        return column;
    }

    /** The argument of {@code raise_exception}, which may contain text of a user. */
    public Optional<Rope> raised() {
        return Optional.ofNullable(raised);
    }
}
