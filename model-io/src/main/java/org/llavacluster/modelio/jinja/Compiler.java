package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.modelio.jinja.Code.Activation;
import org.llavacluster.modelio.jinja.Code.Evaluation;
import org.llavacluster.modelio.jinja.Code.Flow;
import org.llavacluster.modelio.jinja.Code.Instruction;
import org.llavacluster.modelio.jinja.Code.Slots;
import org.llavacluster.modelio.jinja.Code.Variable;
import org.llavacluster.modelio.jinja.Syntax.Expression;
import org.llavacluster.modelio.jinja.Syntax.Statement;
import org.llavacluster.modelio.jinja.Syntax.Target;

/** Compiles statements; {@link ExpressionCompiler} compiles expressions. */
final class Compiler {

    private final TemplateSource source;
    private final ExpressionCompiler expressions;
    private final Map<String, Code.Function> blocks = new HashMap<>();

    private Compiler(TemplateSource source) {
        this.source = source;
        this.expressions = new ExpressionCompiler(source);
    }

    static JinjaTemplate compile(TemplateSource source) {
        return new Compiler(source).template(Parser.parse(source));
    }

    private JinjaTemplate template(List<Statement> statements) {
        List<Syntax.Block> found = SyntaxWalk.blocks(statements);
        for (Syntax.Block block : found) {
            if (blocks.put(block.name(), new Code.Function(new Slots(null), (_, _) -> Flow.NEXT)) != null) {
                throw source.syntax(block.at(), "block '" + block.name() + "' defined twice");
            }
        }
        Code.Function root = function(Frame.root(new Symbols(null, new Slots(null))), statements, Set.of("self"));
        for (Syntax.Block block : found) {
            Frame frame = Frame.block(new Symbols(null, new Slots(null)));
            blocks.put(block.name(), function(frame, block.body(), Set.of("self", "super")));
        }
        return new JinjaTemplate(root, Map.copyOf(blocks));
    }

    /**
     * @param special special names that the function may use: {@code self}, {@code super}
     */
    private Code.Function function(Frame frame, List<Statement> statements, Set<String> special) {
        Symbols symbols = frame.symbols();
        List<Instruction> start = new ArrayList<>();
        for (String name : SyntaxWalk.undeclared(statements, special)) {
            int index = symbols.declareParameter(name).index();
            start.add((activation, _) -> {
                activation.set(
                        index,
                        name.equals("self")
                                ? new BlocksValue(activation.rendering(), activation.names())
                                : Undefined.of("there is no parent block"));
                return Flow.NEXT;
            });
        }
        symbols.readStatements(statements);
        start.add(enter(symbols));
        start.add(body(statements, frame));
        return new Code.Function(symbols.slots(), Code.sequence(start));
    }

    /** Sets the initial values of a scope's variables. */
    private static Instruction enter(Symbols symbols) {
        List<Instruction> loads = new ArrayList<>();
        symbols.loads().forEach((variable, load) -> {
            int index = variable.index();
            switch (load) {
                case Symbols.Parameter _ -> {}
                case Symbols.Given given ->
                    loads.add((activation, _) -> {
                        activation.set(index, activation.names().find(given.name()));
                        return Flow.NEXT;
                    });
                case Symbols.Copied copied -> {
                    int hops = symbols.slots().hops(copied.from());
                    int from = copied.from().index();
                    loads.add((activation, _) -> {
                        activation.set(index, activation.get(hops, from));
                        return Flow.NEXT;
                    });
                }
                case Symbols.Nothing _ ->
                    loads.add((activation, _) -> {
                        activation.set(index, null);
                        return Flow.NEXT;
                    });
            }
        });
        return Code.sequence(loads);
    }

    /** Clears a scope's variables. */
    private static void leave(Symbols symbols, Activation activation) {
        symbols.loads().keySet().forEach(variable -> activation.set(variable.index(), null));
    }

    private Instruction body(List<Statement> statements, Frame frame) {
        return Code.sequence(
                statements.stream().map(each -> instruction(each, frame)).toList());
    }

    /** Statements with a scope of their own. */
    private Instruction scoped(Symbols symbols, Instruction body) {
        Instruction enter = enter(symbols);
        return (activation, out) -> {
            enter.run(activation, out);
            Flow flow = body.run(activation, out);
            leave(symbols, activation);
            return flow;
        };
    }

    private Instruction instruction(Statement statement, Frame frame) {
        Instruction instruction = plainInstruction(statement, frame);
        int at = statement.at();
        return (activation, out) -> {
            try {
                activation.rendering().work(1);
                return instruction.run(activation, out);
            } catch (TemplateException e) {
                throw expressions.placed(e, at);
            }
        };
    }

    private Instruction plainInstruction(Statement statement, Frame frame) {
        return switch (statement) {
            case Syntax.Data data ->
                (_, out) -> {
                    out.append(data.text());
                    return Flow.NEXT;
                };
            case Syntax.Print print -> print(print, frame);
            case Syntax.If choice -> choice(choice, frame);
            case Syntax.For loop -> loop(loop, frame);
            case Syntax.Break _ -> leaveLoop(statement, frame, Flow.BREAK, "'break' outside loop");
            case Syntax.Continue _ -> leaveLoop(statement, frame, Flow.CONTINUE, "'continue' not properly in loop");
            case Syntax.Assign assign -> assign(assign, frame);
            case Syntax.AssignBlock assign -> assignBlock(assign, frame);
            case Syntax.With with -> with(with, frame);
            case Syntax.FilterBlock block -> filterBlock(block, frame);
            case Syntax.Autoescape autoescape -> autoescape(autoescape, frame);
            case Syntax.Macro macro -> macro(macro, frame);
            case Syntax.CallBlock block -> callBlock(block, frame);
            case Syntax.Generation generation -> generation(generation, frame);
            case Syntax.Block block -> block(block, frame);
            case Syntax.OtherTemplate other -> otherTemplate(other, frame);
        };
    }

    private Instruction print(Syntax.Print print, Frame frame) {
        List<Evaluation> values = print.values().stream()
                .map(value -> expressions.printed(value, frame))
                .toList();
        return (activation, out) -> {
            for (Evaluation value : values) {
                Object result = value.evaluate(activation);
                Rope text = frame.escapes(activation.rendering()) ? Html.escape(result) : Printing.soft(result);
                activation.rendering().work(ValueWeight.of(text));
                out.append(text);
            }
            return Flow.NEXT;
        };
    }

    private Instruction choice(Syntax.If choice, Frame frame) {
        Frame soft = frame.soft();
        List<Evaluation> tests = new ArrayList<>();
        List<Instruction> bodies = new ArrayList<>();
        tests.add(expressions.compile(choice.test(), soft));
        bodies.add(body(choice.body(), soft));
        for (Syntax.If elseIf : choice.elseIfs()) {
            tests.add(expressions.compile(elseIf.test(), soft));
            bodies.add(body(elseIf.body(), soft));
        }
        Instruction otherwise = body(choice.otherwise(), soft);
        return (activation, out) -> {
            for (int i = 0; i < tests.size(); i++) {
                if (Types.isTrue(tests.get(i).evaluate(activation))) {
                    return bodies.get(i).run(activation, out);
                }
            }
            return otherwise.run(activation, out);
        };
    }

    private Instruction leaveLoop(Statement statement, Frame frame, Flow flow, String outside) {
        if (frame.loops() == 0) {
            throw source.syntax(statement.at(), outside);
        }
        return (_, _) -> flow;
    }

    /** Unpacks a value into variables. */
    private interface Assignment {
        void assign(Activation activation, Object value);
    }

    private Assignment assignment(Target target, Frame frame) {
        return switch (target) {
            case Syntax.NameTarget name -> {
                int index = frame.symbols().variable(name.name()).index();
                if (!frame.toplevel()) {
                    yield (activation, value) -> activation.set(index, value);
                }
                yield (activation, value) -> {
                    activation.set(index, value);
                    activation.names().own().put(name.name(), value);
                };
            }
            case Syntax.AttributeTarget attribute -> {
                Evaluation namespace = expressions.variable(attribute.name(), frame);
                Rope name = Rope.of(attribute.attribute());
                yield (activation, value) -> {
                    if (!(namespace.evaluate(activation) instanceof NamespaceValue found)) {
                        throw notANamespace();
                    }
                    found.set(name, value);
                };
            }
            case Syntax.TupleTarget tuple -> {
                List<Assignment> items = tuple.items().stream()
                        .map(item -> assignment(item, frame))
                        .toList();
                yield (activation, value) -> {
                    List<Object> values = Unpacking.items(activation.rendering(), value, items.size());
                    for (int i = 0; i < items.size(); i++) {
                        items.get(i).assign(activation, values.get(i));
                    }
                };
            }
        };
    }

    private static TemplateException notANamespace() {
        return TemplateException.runtime("cannot assign attribute on non-namespace object");
    }

    private void namespaces(Target target, Frame frame, List<Evaluation> found) {
        switch (target) {
            case Syntax.NameTarget _ -> {}
            case Syntax.AttributeTarget attribute -> found.add(expressions.variable(attribute.name(), frame));
            case Syntax.TupleTarget tuple -> tuple.items().forEach(item -> namespaces(item, frame, found));
        }
    }

    private Instruction assign(Syntax.Assign assign, Frame frame) {
        List<Evaluation> namespaces = new ArrayList<>();
        namespaces(assign.target(), frame, namespaces);
        Evaluation value = expressions.compile(assign.value(), frame);
        Assignment assignment = assignment(assign.target(), frame);
        return (activation, _) -> {
            for (Evaluation namespace : namespaces) {
                if (!(namespace.evaluate(activation) instanceof NamespaceValue)) {
                    throw notANamespace();
                }
            }
            assignment.assign(activation, value.evaluate(activation));
            return Flow.NEXT;
        };
    }

    private Instruction assignBlock(Syntax.AssignBlock assign, Frame frame) {
        Frame inner = frame.inner();
        inner.symbols().readStatements(assign.body());
        Instruction enter = enter(inner.symbols());
        Instruction body = body(assign.body(), inner);
        Optional<ExpressionCompiler.TextFilter> filter =
                assign.filter().map(each -> expressions.textFilter(each, inner));
        Assignment assignment = assignment(assign.target(), frame);
        return (activation, out) -> {
            enter.run(activation, out);
            RopeBuilder text = new RopeBuilder();
            Flow flow = body.run(activation, text);
            if (flow == Flow.NEXT) {
                boolean markup = activation.rendering().autoescape();
                Rope written = text.rope().withMarkup(filter.isPresent() && inner.escapes(activation.rendering()));
                Object value = filter.isPresent() ? filter.get().apply(activation, written) : written;
                assignment.assign(activation, markup ? Printing.soft(value).withMarkup(true) : value);
            }
            leave(inner.symbols(), activation);
            return flow;
        };
    }

    private Instruction with(Syntax.With with, Frame frame) {
        Frame inner = frame.inner();
        with.targets().forEach(inner.symbols()::readParameter);
        inner.symbols().readStatements(with.body());
        List<Evaluation> values = with.values().stream()
                .map(value -> expressions.compile(value, frame))
                .toList();
        List<Assignment> assignments =
                with.targets().stream().map(target -> assignment(target, inner)).toList();
        Instruction body = body(with.body(), inner);
        return scoped(inner.symbols(), (activation, out) -> {
            for (int i = 0; i < values.size(); i++) {
                assignments.get(i).assign(activation, values.get(i).evaluate(activation));
            }
            return body.run(activation, out);
        });
    }

    private Instruction filterBlock(Syntax.FilterBlock block, Frame frame) {
        Frame inner = frame.inner();
        inner.symbols().readStatements(block.body());
        inner.symbols().readExpression(block.filter());
        Instruction body = body(block.body(), inner);
        ExpressionCompiler.TextFilter filter = expressions.textFilter(block.filter(), inner);
        return scoped(inner.symbols(), (activation, out) -> {
            RopeBuilder text = new RopeBuilder();
            Flow flow = body.run(activation, text);
            if (flow == Flow.NEXT) {
                Rope written = text.rope().withMarkup(inner.escapes(activation.rendering()));
                append(filter.apply(activation, written), out);
            }
            return flow;
        });
    }

    /** Appends the result of a call or filter block, which must be text. */
    private static void append(Object result, RopeBuilder out) {
        if (!(result instanceof Rope text)) {
            throw TemplateException.type("expected str instance, " + Types.name(result) + " found");
        }
        out.append(text);
    }

    private Instruction autoescape(Syntax.Autoescape autoescape, Frame frame) {
        Frame inner = frame.inner();
        inner.symbols().readExpression(autoescape.on());
        inner.symbols().readStatements(autoescape.body());
        Evaluation on = expressions.compile(autoescape.on(), inner);
        Frame escaping = autoescape.on() instanceof Syntax.Literal literal
                ? inner.escaping(Types.isTrue(literal.value()) ? Frame.Escaping.ON : Frame.Escaping.OFF)
                : inner.escaping(Frame.Escaping.DYNAMIC);
        Instruction body = body(autoescape.body(), escaping);
        return scoped(inner.symbols(), (activation, out) -> {
            Rendering rendering = activation.rendering();
            boolean before = rendering.autoescape();
            rendering.setAutoescape(Types.isTrue(on.evaluate(activation)));
            Flow flow = body.run(activation, out);
            rendering.setAutoescape(before);
            return flow;
        });
    }

    private Instruction loop(Syntax.For loop, Frame frame) {
        SyntaxWalk.assignment(loop, "loop").ifPresent(target -> {
            throw source.syntax(target.at(), "Can't assign to special loop variable in for-loop target");
        });
        Frame inner = loop.recursive() ? frame.recursiveLoop() : frame.loop();
        Frame after = loop.recursive() ? frame.inFunctionOf(inner) : frame.inner();
        if (inner.loops() > TemplateLimits.NESTED_LOOPS) {
            throw source.syntax(loop.at(), "too many statically nested blocks");
        }
        boolean named = loop.recursive()
                || !SyntaxWalk.undeclared(loop.body(), Set.of("loop")).isEmpty()
                || SyntaxWalk.blocks(List.of(loop)).stream().anyMatch(Syntax.Block::scoped);
        int variable = named ? inner.symbols().declareParameter("loop").index() : -1;
        inner.symbols().readParameter(loop.target());
        inner.symbols().readStatements(loop.body());
        after.symbols().readStatements(loop.otherwise());
        LoopCode code = new LoopCode(
                loop.test().map(test -> test(loop.target(), test, frame)),
                assignment(loop.target(), inner),
                variable,
                inner.symbols(),
                enter(inner.symbols()),
                body(loop.body(), inner),
                loop.otherwise().isEmpty()
                        ? Optional.empty()
                        : Optional.of(scoped(after.symbols(), body(loop.otherwise(), after))));
        Evaluation iterable = expressions.compile(loop.iterable(), frame);
        if (!loop.recursive()) {
            return (activation, out) ->
                    code.run(activation, activation, iterable.evaluate(activation), Optional.empty(), 0, out);
        }
        return (activation, out) -> {
            Object items = iterable.evaluate(activation);
            out.append(new Recursion(code, activation, frame).render(items, 0));
            return Flow.NEXT;
        };
    }

    /** A recursive loop, each level of which has its own variables. */
    private record Recursion(LoopCode code, Activation outer, Frame frame) implements LoopValue.Recursion {
        @Override
        public Rope render(Object items, int depth) {
            RopeBuilder out = new RopeBuilder();
            outer.rendering().enter();
            code.run(outer, outer.inner(code.symbols().slots()), items, Optional.of(this), depth, out);
            outer.rendering().leave();
            return out.rope().withMarkup(frame.escapes(outer.rendering()));
        }
    }

    /**
     * @param variable index of {@code loop}; negative if the body does not use it
     */
    private record LoopCode(
            Optional<ItemTest> test,
            Assignment target,
            int variable,
            Symbols symbols,
            Instruction enter,
            Instruction body,
            Optional<Instruction> otherwise) {

        /**
         * @param around the activation that encloses the test's variables
         */
        Flow run(
                Activation around,
                Activation activation,
                Object items,
                Optional<LoopValue.Recursion> recursion,
                int depth,
                RopeBuilder out) {
            Object tested = test.isPresent() ? test.get().selected(around, items) : items;
            LoopValue loop = new LoopValue(activation.rendering(), tested, recursion, depth);
            boolean completed = false;
            while (loop.hasNext()) {
                target.assign(activation, loop.next());
                if (variable >= 0) {
                    activation.set(variable, loop);
                }
                enter.run(activation, out);
                Flow flow = body.run(activation, out);
                if (flow == Flow.BREAK) {
                    break;
                }
                completed |= flow == Flow.NEXT;
            }
            leave(symbols, activation);
            return completed || otherwise.isEmpty()
                    ? Flow.NEXT
                    : otherwise.get().run(activation, out);
        }
    }

    /** The condition of a loop, which selects items. */
    private interface ItemTest {
        Object selected(Activation activation, Object items);
    }

    private ItemTest test(Target target, Expression condition, Frame frame) {
        Frame inner = frame.function();
        Symbols symbols = inner.symbols();
        symbols.readParameter(target);
        symbols.readExpression(condition);
        Assignment assignment = assignment(target, inner);
        Instruction enter = enter(symbols);
        Evaluation test = expressions.compile(condition, inner);
        return (outer, items) -> LazyValue.generator(() -> {
            Activation activation = outer.inner(symbols.slots());
            enter.run(activation, new RopeBuilder());
            return new Selection(Iteration.of(outer.rendering(), items), item -> {
                assignment.assign(activation, item);
                return Types.isTrue(test.evaluate(activation));
            });
        });
    }

    private Instruction macro(Syntax.Macro macro, Frame frame) {
        Evaluation value = macroValue(macro.at(), macro.name(), macro.signature(), macro.body(), frame);
        Assignment assignment = assignment(new Syntax.NameTarget(macro.at(), macro.name()), frame);
        return (activation, _) -> {
            assignment.assign(activation, value.evaluate(activation));
            return Flow.NEXT;
        };
    }

    private Evaluation macroValue(int at, String name, Syntax.Signature signature, List<Statement> body, Frame outer) {
        Frame frame = outer.function();
        Symbols symbols = frame.symbols();
        List<String> names =
                signature.parameters().stream().map(Syntax.NameTarget::name).toList();
        signature.parameters().forEach(symbols::readParameter);
        signature.defaults().forEach(symbols::readExpression);
        symbols.readStatements(body);
        Set<String> used = SyntaxWalk.undeclared(body, Set.of("caller", "kwargs", "varargs"));
        boolean takesCaller = used.contains("caller");
        boolean ownCaller = names.contains("caller");
        if (takesCaller
                && ownCaller
                && names.size() - names.indexOf("caller") > signature.defaults().size()) {
            throw source.syntax(at, "the special argument 'caller' must be omitted or be given a default");
        }
        boolean takesNamed = used.contains("kwargs") && !names.contains("kwargs");
        boolean takesPositional = used.contains("varargs") && !names.contains("varargs");
        List<Integer> indexes = new ArrayList<>();
        names.forEach(each -> indexes.add(symbols.variable(each).index()));
        if (takesCaller && !ownCaller) {
            indexes.add(symbols.declareParameter("caller").index());
        }
        if (takesNamed) {
            indexes.add(symbols.declareParameter("kwargs").index());
        }
        if (takesPositional) {
            indexes.add(symbols.declareParameter("varargs").index());
        }
        List<Instruction> start = new ArrayList<>();
        start.add(enter(symbols));
        for (int i = 0; i < names.size(); i++) {
            start.add(defaultValue(
                    names.get(i),
                    indexes.get(i),
                    i - names.size() + signature.defaults().size(),
                    signature,
                    frame));
        }
        start.add(body(body, frame));
        Instruction code = Code.sequence(start);
        return activation ->
                new MacroValue(name, names, takesNamed, takesPositional, takesCaller, (rendering, values) -> {
                    Activation inner = activation.inner(symbols.slots());
                    for (int i = 0; i < values.size(); i++) {
                        inner.set(indexes.get(i), values.get(i));
                    }
                    RopeBuilder out = new RopeBuilder();
                    rendering.work(1);
                    code.run(inner, out);
                    return out.rope();
                });
    }

    /**
     * @param position position of the default; negative if the parameter has none
     */
    private Instruction defaultValue(String name, int index, int position, Syntax.Signature signature, Frame frame) {
        Undefined missing = Undefined.of("parameter '" + name + "' was not provided");
        Evaluation value = position < 0
                ? _ -> missing
                : expressions.compile(signature.defaults().get(position), frame);
        return (activation, _) -> {
            if (activation.get(0, index) == null) {
                activation.set(index, value.evaluate(activation));
            }
            return Flow.NEXT;
        };
    }

    private Instruction callBlock(Syntax.CallBlock block, Frame frame) {
        Evaluation caller = macroValue(block.at(), null, block.signature(), block.body(), frame);
        Evaluation call = expressions.callWith(block.call(), frame, caller);
        return (activation, out) -> {
            append(call.evaluate(activation), out);
            return Flow.NEXT;
        };
    }

    private Instruction generation(Syntax.Generation generation, Frame frame) {
        Evaluation body = macroValue(generation.at(), null, Syntax.Signature.NONE, generation.body(), frame);
        return (activation, out) -> {
            Rendering rendering = activation.rendering();
            Rope text = (Rope) ((MacroValue) body.evaluate(activation)).call(rendering, Arguments.NONE);
            rendering
                    .generations()
                    .add(new JinjaTemplate.Span(rendering.output().units(), text.length()));
            out.append(text);
            return Flow.NEXT;
        };
    }

    private Instruction block(Syntax.Block block, Frame frame) {
        if (block.required()) {
            return (_, _) -> {
                throw TemplateException.runtime("required block '" + block.name() + "' not found");
            };
        }
        Map<String, Evaluation> locals = new LinkedHashMap<>();
        if (block.scoped()) {
            for (Map.Entry<String, Variable> stored : frame.symbols().stored().entrySet()) {
                int hops = frame.symbols().slots().hops(stored.getValue());
                int index = stored.getValue().index();
                locals.put(stored.getKey(), activation -> activation.get(hops, index));
            }
        }
        return (activation, out) -> {
            Rendering rendering = activation.rendering();
            Rendering.Names names = activation.names();
            if (block.scoped()) {
                Map<String, Object> given = new HashMap<>(names.given());
                given.putAll(names.own());
                locals.forEach((name, value) -> {
                    Object local = value.evaluate(activation);
                    if (local != null) {
                        given.put(name, local);
                    }
                });
                names = new Rendering.Names(new HashMap<>(), given);
            }
            rendering.enter();
            rendering.block(block.name()).run(rendering, names, out);
            rendering.leave();
            return Flow.NEXT;
        };
    }

    private Instruction otherTemplate(Syntax.OtherTemplate other, Frame frame) {
        if (other.tag().equals("extends") && !frame.toplevel()) {
            throw source.syntax(other.at(), "cannot use extend from a non top-level scope");
        }
        Evaluation template = expressions.compile(other.template(), frame);
        return (activation, _) -> {
            Object name = template.evaluate(activation);
            if (other.tag().equals("include")) {
                Undefined.refuse(name);
            }
            throw TemplateException.type("'" + other.tag() + "': there is no other template");
        };
    }
}
