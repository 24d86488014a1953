package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.modelio.jinja.Code.Activation;
import org.llavacluster.modelio.jinja.Code.Evaluation;
import org.llavacluster.modelio.jinja.Code.Variable;
import org.llavacluster.modelio.jinja.Syntax.CallArguments;
import org.llavacluster.modelio.jinja.Syntax.Expression;

/** Compiles expressions. */
final class ExpressionCompiler {

    private final TemplateSource source;

    ExpressionCompiler(TemplateSource source) {
        this.source = source;
    }

    /** Adds the position of a node to a failure that has none. */
    TemplateException placed(TemplateException failure, int at) {
        return failure.line() > 0 ? failure : failure.at(source.line(at), source.column(at));
    }

    /** Adds the node's position to failures of the evaluation. */
    private Evaluation located(int at, Evaluation evaluation) {
        return activation -> {
            try {
                return evaluation.evaluate(activation);
            } catch (TemplateException e) {
                throw placed(e, at);
            }
        };
    }

    /** A filter on the text of a block. */
    interface TextFilter {
        Object apply(Activation activation, Rope text);
    }

    /** The value of a variable, or null. */
    Evaluation variable(String name, Frame frame) {
        Variable variable = frame.symbols().variable(name);
        int hops = frame.symbols().slots().hops(variable);
        int index = variable.index();
        return hops == 0 ? activation -> activation.get(0, index) : activation -> activation.get(hops, index);
    }

    /**
     * A printed expression. jinja2 computes its constants at compile time, under the rules for items rather than
     * slices.
     */
    Evaluation printed(Expression expression, Frame frame) {
        return compile(expression, frame);
    }

    private List<Evaluation> compileAll(List<Expression> all, Frame frame) {
        return all.stream().map(each -> compile(each, frame)).toList();
    }

    private static List<Object> evaluateAll(List<Evaluation> all, Activation activation) {
        List<Object> values = new ArrayList<>(all.size());
        for (Evaluation each : all) {
            values.add(each.evaluate(activation));
        }
        return values;
    }

    Evaluation compile(Expression expression, Frame frame) {
        return switch (expression) {
            case Syntax.Literal literal -> _ -> literal.value();
            case Syntax.Name name -> name(name, frame);
            case Syntax.TupleOf tuple -> {
                List<Evaluation> items = compileAll(tuple.items(), frame);
                yield located(tuple.at(), activation -> new TupleValue(evaluateAll(items, activation)));
            }
            case Syntax.ListOf list -> {
                List<Evaluation> items = compileAll(list.items(), frame);
                yield located(list.at(), activation -> new ListValue(evaluateAll(items, activation)));
            }
            case Syntax.DictOf dict -> dict(dict, frame);
            case Syntax.Unary unary -> {
                Evaluation operand = compile(unary.operand(), frame);
                boolean negates = unary.operator().equals("-");
                yield located(unary.at(), activation -> {
                    Object value = operand.evaluate(activation);
                    return negates ? Numbers.negate(value) : Numbers.plus(value);
                });
            }
            case Syntax.Not not -> {
                Evaluation operand = compile(not.operand(), frame);
                yield activation -> !Types.isTrue(operand.evaluate(activation));
            }
            case Syntax.And and -> {
                Evaluation left = compile(and.left(), frame);
                Evaluation right = compile(and.right(), frame);
                yield activation -> {
                    Object value = left.evaluate(activation);
                    return Types.isTrue(value) ? right.evaluate(activation) : value;
                };
            }
            case Syntax.Or or -> {
                Evaluation left = compile(or.left(), frame);
                Evaluation right = compile(or.right(), frame);
                yield activation -> {
                    Object value = left.evaluate(activation);
                    return Types.isTrue(value) ? value : right.evaluate(activation);
                };
            }
            case Syntax.Binary binary -> located(binary.at(), binary(binary, frame));
            case Syntax.Compare compare -> compare(compare, frame);
            case Syntax.Concat concat -> {
                List<Evaluation> operands = compileAll(concat.operands(), frame);
                boolean escapes = frame.escaping() == Frame.Escaping.ON;
                yield located(concat.at(), activation -> Operators.concat(evaluateAll(operands, activation), escapes));
            }
            case Syntax.Conditional conditional -> conditional(conditional, frame.soft());
            case Syntax.Attribute attribute -> {
                Evaluation object = compile(attribute.object(), frame);
                Rope name = Rope.of(attribute.name());
                yield located(attribute.at(), activation -> Access.attribute(object.evaluate(activation), name));
            }
            case Syntax.Item item -> item(item, frame);
            case Syntax.SliceOf slice -> throw source.syntax(slice.at(), "a slice is possible only in brackets");
            case Syntax.Call call -> call(call, frame, Optional.empty());
            case Syntax.Filter filter -> {
                Evaluation value = compile(filter.value().orElseThrow(), frame);
                FilterCode applied = filter(filter, frame);
                yield activation -> applied.apply(activation, value.evaluate(activation));
            }
            case Syntax.Test test -> test(test, frame);
        };
    }

    private Evaluation name(Syntax.Name name, Frame frame) {
        Evaluation variable = variable(name.name(), frame);
        Undefined undefined = Undefined.name(name.name());
        return activation -> {
            Object value = variable.evaluate(activation);
            return value == null ? undefined : value;
        };
    }

    private Evaluation dict(Syntax.DictOf dict, Frame frame) {
        List<Evaluation> keys = compileAll(dict.keys(), frame);
        List<Evaluation> values = compileAll(dict.values(), frame);
        return located(dict.at(), activation -> {
            DictValue made = new DictValue();
            for (int i = 0; i < keys.size(); i++) {
                made.put(keys.get(i).evaluate(activation), values.get(i).evaluate(activation));
            }
            return made;
        });
    }

    private Evaluation compare(Syntax.Compare compare, Frame frame) {
        Evaluation first = compile(compare.first(), frame);
        List<Evaluation> others = compileAll(compare.others(), frame);
        List<String> operators = compare.operators();
        return located(compare.at(), activation -> {
            Object left = first.evaluate(activation);
            for (int i = 0; i < operators.size(); i++) {
                Object right = others.get(i).evaluate(activation);
                if (!Operators.compare(activation.rendering(), left, operators.get(i), right)) {
                    return false;
                }
                left = right;
            }
            return true;
        });
    }

    private Evaluation conditional(Syntax.Conditional conditional, Frame frame) {
        Evaluation test = compile(conditional.test(), frame);
        Evaluation then = compile(conditional.then(), frame);
        Undefined undefined = Undefined.of("the inline if-expression on line " + source.line(conditional.at())
                + " evaluated to false and no else section was defined");
        Evaluation otherwise =
                conditional.otherwise().map(each -> compile(each, frame)).orElse(_ -> undefined);
        return activation -> (Types.isTrue(test.evaluate(activation)) ? then : otherwise).evaluate(activation);
    }

    private Evaluation item(Syntax.Item item, Frame frame) {
        Evaluation object = compile(item.object(), frame);
        if (item.index() instanceof Syntax.SliceOf slice) {
            Evaluation start = bound(slice.start(), frame);
            Evaluation stop = bound(slice.stop(), frame);
            Evaluation step = bound(slice.step(), frame);
            return located(item.at(), activation -> {
                Object value = object.evaluate(activation);
                activation.rendering().work(ValueWeight.of(value));
                return Access.slice(
                        value, start.evaluate(activation), stop.evaluate(activation), step.evaluate(activation));
            });
        }
        Evaluation index = compile(item.index(), frame);
        return located(item.at(), activation -> Access.item(object.evaluate(activation), index.evaluate(activation)));
    }

    private Evaluation bound(Optional<Expression> bound, Frame frame) {
        return bound.map(each -> compile(each, frame)).orElse(_ -> None.NONE);
    }

    /** Evaluates the arguments of a call. */
    private interface ArgumentsCode {
        Arguments evaluate(Activation activation);
    }

    private ArgumentsCode arguments(CallArguments arguments, Frame frame) {
        List<Evaluation> positional = compileAll(arguments.positional(), frame);
        Map<Rope, Evaluation> named = new LinkedHashMap<>();
        arguments.named().forEach(each -> named.put(Rope.of(each.name()), compile(each.value(), frame)));
        Optional<Evaluation> morePositional = arguments.morePositional().map(each -> compile(each, frame));
        Optional<Evaluation> moreNamed = arguments.moreNamed().map(each -> compile(each, frame));
        if (named.isEmpty() && morePositional.isEmpty() && moreNamed.isEmpty()) {
            return activation -> new Arguments(evaluateAll(positional, activation), Map.of());
        }
        return activation -> {
            List<Object> values = evaluateAll(positional, activation);
            morePositional.ifPresent(more -> Iteration.of(activation.rendering(), more.evaluate(activation))
                    .forEachRemaining(values::add));
            Map<Rope, Object> byName = new LinkedHashMap<>();
            named.forEach((name, value) -> byName.put(name, value.evaluate(activation)));
            moreNamed.ifPresent(more -> addNamed(more.evaluate(activation), byName));
            return new Arguments(values, byName);
        };
    }

    private static void addNamed(Object more, Map<Rope, Object> named) {
        Undefined.refuse(more);
        if (!(more instanceof DictValue dict)) {
            throw TemplateException.type("argument after ** must be a mapping, not " + Types.name(more));
        }
        for (Object key : dict.keys()) {
            if (!(key instanceof Rope name)) {
                throw TemplateException.type("keywords must be strings");
            }
            if (named.put(name, dict.get(key)) != null) {
                throw TemplateException.type("got multiple values for a keyword argument");
            }
        }
    }

    /** A call that receives a call block's body as {@code caller}. */
    Evaluation callWith(Syntax.Call call, Frame frame, Evaluation caller) {
        return call(call, frame, Optional.of(caller));
    }

    private Evaluation call(Syntax.Call call, Frame frame, Optional<Evaluation> caller) {
        Evaluation function = compile(call.function(), frame);
        ArgumentsCode arguments = arguments(call.arguments(), frame);
        return located(call.at(), activation -> {
            Object called = function.evaluate(activation);
            Arguments given = arguments.evaluate(activation);
            if (caller.isPresent()) {
                given = given.withNamed("caller", caller.get().evaluate(activation));
            }
            Rendering rendering = activation.rendering();
            rendering.work(1 + ValueWeight.sum(given.positional()));
            Object result = call(rendering, called, given);
            rendering.work(ValueWeight.of(result));
            return result;
        });
    }

    private static Object call(Rendering rendering, Object called, Arguments arguments) {
        return switch (called) {
            case Undefined undefined -> throw undefined.failure();
            case CallableValue callable -> callable.call(rendering, arguments);
            case LoopValue loop -> loop.recurse(new Parameters("loop", "iterable").bind(arguments));
            default -> throw TemplateException.type("'" + Types.name(called) + "' object is not callable");
        };
    }

    private Evaluation binary(Syntax.Binary binary, Frame frame) {
        Evaluation left = compile(binary.left(), frame);
        Evaluation right = compile(binary.right(), frame);
        Evaluation result = activation -> Operators.binary(
                activation.rendering(), binary.operator(), left.evaluate(activation), right.evaluate(activation));
        boolean constantPower = binary.operator().equals("**")
                && SyntaxWalk.isConstant(binary.left())
                && !SyntaxWalk.isConstant(binary.right());
        return constantPower ? constantPower(left, right, result) : result;
    }

    /**
     * jinja2 computes a constant beforehand and writes it into Python without parentheses, where {@code **} binds
     * tighter than the sign: {@code (-2) ** n} is {@code -(2 ** n)}.
     */
    private static Evaluation constantPower(Evaluation left, Evaluation right, Evaluation result) {
        return activation -> {
            Object base = left.evaluate(activation);
            if (!Numbers.isSigned(base)) {
                return result.evaluate(activation);
            }
            return Numbers.negate(
                    Operators.binary(activation.rendering(), "**", Numbers.negate(base), right.evaluate(activation)));
        };
    }

    /** A filter on any value. */
    private interface FilterCode {
        Object apply(Activation activation, Object value);
    }

    private FilterCode filter(Syntax.Filter filter, Frame frame) {
        if (!frame.conditional() && !Filters.exists(filter.name())) {
            throw source.syntax(filter.at(), "No filter named '" + filter.name() + "'.");
        }
        ArgumentsCode arguments = arguments(filter.arguments(), frame);
        return (activation, value) -> {
            try {
                return Filters.apply(activation.rendering(), filter.name(), value, arguments.evaluate(activation));
            } catch (TemplateException e) {
                throw placed(e, filter.at());
            }
        };
    }

    /** The filters of a block: the innermost receives the block's text. */
    TextFilter textFilter(Syntax.Filter filter, Frame frame) {
        FilterCode outermost = filter(filter, frame);
        if (filter.value().isEmpty()) {
            return outermost::apply;
        }
        TextFilter inner = textFilter((Syntax.Filter) filter.value().get(), frame);
        return (activation, text) -> outermost.apply(activation, inner.apply(activation, text));
    }

    private Evaluation test(Syntax.Test test, Frame frame) {
        if (!frame.conditional() && !TemplateTests.exists(test.name())) {
            throw source.syntax(test.at(), "No test named '" + test.name() + "'.");
        }
        Evaluation value = compile(test.value(), frame);
        ArgumentsCode arguments = arguments(test.arguments(), frame);
        return located(
                test.at(),
                activation -> TemplateTests.apply(
                        activation.rendering(),
                        test.name(),
                        value.evaluate(activation),
                        arguments.evaluate(activation)));
    }
}
