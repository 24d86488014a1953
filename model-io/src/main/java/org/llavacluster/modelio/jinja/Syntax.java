package org.llavacluster.modelio.jinja;

import java.util.List;
import java.util.Optional;

/** The syntax tree of a template. Every node knows its position in the source. */
sealed interface Syntax {

    int at();

    /** A node with a value. */
    sealed interface Expression extends Syntax {}

    /** A node that can be assigned to. */
    sealed interface Target extends Syntax {}

    sealed interface Statement extends Syntax {}

    record Literal(int at, Object value) implements Expression {}

    /** A variable being read. */
    record Name(int at, String name) implements Expression {}

    record TupleOf(int at, List<Expression> items) implements Expression {}

    record ListOf(int at, List<Expression> items) implements Expression {}

    record DictOf(int at, List<Expression> keys, List<Expression> values) implements Expression {}

    record Unary(int at, String operator, Expression operand) implements Expression {}

    record Binary(int at, String operator, Expression left, Expression right) implements Expression {}

    record And(int at, Expression left, Expression right) implements Expression {}

    record Or(int at, Expression left, Expression right) implements Expression {}

    record Not(int at, Expression operand) implements Expression {}

    /** {@code a < b <= c}: each operand is evaluated at most once. */
    record Compare(int at, Expression first, List<String> operators, List<Expression> others) implements Expression {}

    /** Operands of {@code ~}. */
    record Concat(int at, List<Expression> operands) implements Expression {}

    record Conditional(int at, Expression test, Expression then, Optional<Expression> otherwise)
            implements Expression {}

    record Attribute(int at, Expression object, String name) implements Expression {}

    record Item(int at, Expression object, Expression index) implements Expression {}

    record SliceOf(int at, Optional<Expression> start, Optional<Expression> stop, Optional<Expression> step)
            implements Expression {}

    record Call(int at, Expression function, CallArguments arguments) implements Expression {}

    /**
     * @param value absent if the filter receives the text of a block
     */
    record Filter(int at, Optional<Expression> value, String name, CallArguments arguments) implements Expression {}

    record Test(int at, Expression value, String name, CallArguments arguments) implements Expression {}

    /** The arguments in the parentheses of a call. */
    record CallArguments(
            List<Expression> positional,
            List<Named> named,
            Optional<Expression> morePositional,
            Optional<Expression> moreNamed) {

        static final CallArguments NONE = new CallArguments(List.of(), List.of(), Optional.empty(), Optional.empty());
    }

    record Named(String name, Expression value) {}

    /** A variable being assigned to, or a parameter. */
    record NameTarget(int at, String name) implements Target {}

    /** An attribute of a namespace. */
    record AttributeTarget(int at, String name, String attribute) implements Target {}

    record TupleTarget(int at, List<Target> items) implements Target {}

    /** Text of the template. */
    record Data(int at, Rope text) implements Statement {}

    record Print(int at, List<Expression> values) implements Statement {}

    record If(int at, Expression test, List<Statement> body, List<If> elseIfs, List<Statement> otherwise)
            implements Statement {}

    record For(
            int at,
            Target target,
            Expression iterable,
            Optional<Expression> test,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record Break(int at) implements Statement {}

    record Continue(int at) implements Statement {}

    record Assign(int at, Target target, Expression value) implements Statement {}

    record AssignBlock(int at, Target target, Optional<Filter> filter, List<Statement> body) implements Statement {}

    record With(int at, List<Target> targets, List<Expression> values, List<Statement> body) implements Statement {}

    record FilterBlock(int at, Filter filter, List<Statement> body) implements Statement {}

    record Autoescape(int at, Expression on, List<Statement> body) implements Statement {}

    record Macro(int at, String name, Signature signature, List<Statement> body) implements Statement {}

    record CallBlock(int at, Call call, Signature signature, List<Statement> body) implements Statement {}

    /** Marks text that the model is trained to write. */
    record Generation(int at, List<Statement> body) implements Statement {}

    /**
     * @param defaults defaults of the last parameters
     */
    record Signature(List<NameTarget> parameters, List<Expression> defaults) {

        static final Signature NONE = new Signature(List.of(), List.of());
    }

    record Block(int at, String name, boolean scoped, boolean required, List<Statement> body) implements Statement {}

    /**
     * {@code include}, {@code import}, {@code from} and {@code extends}, which fail because there is no other template.
     *
     * @param names names that would be assigned to
     */
    record OtherTemplate(int at, String tag, Expression template, List<String> names) implements Statement {}
}
