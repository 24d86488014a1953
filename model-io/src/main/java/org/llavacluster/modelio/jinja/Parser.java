package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.modelio.jinja.Syntax.CallArguments;
import org.llavacluster.modelio.jinja.Syntax.Expression;
import org.llavacluster.modelio.jinja.Syntax.NameTarget;
import org.llavacluster.modelio.jinja.Syntax.Statement;
import org.llavacluster.modelio.jinja.Syntax.Target;
import org.llavacluster.modelio.jinja.Token.Type;

/** Parses the statements of a template; {@link ExpressionParser} parses expressions. */
final class Parser {

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private final Deque<String> openTags = new ArrayDeque<>();
    private final Deque<List<String>> awaited = new ArrayDeque<>();

    private Parser(TemplateSource source) {
        tokens = new TokenStream(source, Lexer.tokens(source));
        expressions = new ExpressionParser(tokens);
    }

    static List<Statement> parse(TemplateSource source) {
        return new Parser(source).statements(List.of());
    }

    /**
     * Parses up to a block that begins with one of the names, which stays the current token, or to the end of the
     * template.
     */
    private List<Statement> statements(List<String> ends) {
        awaited.push(ends);
        List<Statement> statements = new ArrayList<>();
        while (!tokens.current().is(Type.END)) {
            Token token = tokens.next();
            switch (token.type()) {
                case DATA -> statements.add(new Syntax.Data(token.at(), Rope.of(token.value())));
                case PRINT_BEGIN -> {
                    statements.add(new Syntax.Print(token.at(), List.of(expressions.tuple(true, Set.of()))));
                    tokens.expect(Type.PRINT_END);
                }
                default -> {
                    if (tokens.current().is(Type.NAME)
                            && ends.contains(tokens.current().value())) {
                        awaited.pop();
                        return statements;
                    }
                    statements.add(statement());
                    tokens.expect(Type.BLOCK_END);
                }
            }
        }
        if (!ends.isEmpty()) {
            throw unexpected("Unexpected end of template.", "", tokens.current().at());
        }
        awaited.pop();
        return statements;
    }

    /** Parses the rest of a tag and its body; the token that ends it is current afterwards. */
    private List<Statement> body(String... ends) {
        tokens.skipOperator(":");
        tokens.expect(Type.BLOCK_END);
        return statements(List.of(ends));
    }

    private List<Statement> wholeBody(String end) {
        List<Statement> body = body(end);
        tokens.next();
        return body;
    }

    private Statement statement() {
        Token tag = tokens.current();
        if (!tag.is(Type.NAME)) {
            throw tokens.syntax(tag.at(), "tag name expected");
        }
        openTags.push(tag.value());
        Statement statement =
                switch (tag.value()) {
                    case "for" -> parseFor();
                    case "if" -> parseIf();
                    case "set" -> parseSet();
                    case "with" -> parseWith();
                    case "print" -> parsePrint();
                    case "macro" -> parseMacro();
                    case "call" -> parseCallBlock();
                    case "filter" -> parseFilterBlock();
                    case "block" -> parseBlock();
                    case "autoescape" -> parseAutoescape();
                    case "generation" -> new Syntax.Generation(tokens.next().at(), wholeBody("endgeneration"));
                    case "break" -> new Syntax.Break(tokens.next().at());
                    case "continue" -> new Syntax.Continue(tokens.next().at());
                    case "include" -> parseInclude();
                    case "import" -> parseImport();
                    case "from" -> parseFrom();
                    case "extends" ->
                        new Syntax.OtherTemplate(tokens.next().at(), "extends", expressions.expression(), List.of());
                    default -> {
                        openTags.pop();
                        throw unexpected("Encountered unknown tag '" + tag.value() + "'.", tag.value(), tag.at());
                    }
                };
        openTags.pop();
        return statement;
    }

    private TemplateException unexpected(String what, String tag, int at) {
        StringBuilder message = new StringBuilder(what);
        List<String> looking = awaited.isEmpty() ? List.of() : awaited.peek();
        if (!looking.isEmpty()) {
            String ends = "'" + String.join("' or '", looking) + "'";
            boolean nested = awaited.stream().anyMatch(ends2 -> ends2.contains(tag));
            message.append(
                    nested
                            ? " It belongs to an outer block; the innermost one needs " + ends + " first."
                            : " Jinja was looking for the following tags: " + ends + ".");
        }
        if (!openTags.isEmpty()) {
            message.append(" The innermost block that needs to be closed is '")
                    .append(openTags.peek())
                    .append("'.");
        }
        return tokens.syntax(at, message.toString());
    }

    private Statement parseFor() {
        int at = tokens.next().at();
        Target target = expressions.target(Set.of("in"), false);
        tokens.expectName("in");
        Expression iterable = expressions.tuple(false, Set.of("recursive"));
        Optional<Expression> test = tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        boolean recursive = tokens.skipName("recursive");
        List<Statement> body = body("endfor", "else");
        List<Statement> otherwise = tokens.next().isName("else") ? wholeBody("endfor") : List.of();
        return new Syntax.For(at, target, iterable, test, recursive, body, otherwise);
    }

    private Syntax.If parseIf() {
        int at = tokens.next().at();
        Expression test = expressions.tuple(false, Set.of());
        List<Statement> body = body("elif", "else", "endif");
        List<Syntax.If> elseIfs = new ArrayList<>();
        while (tokens.current().isName("elif")) {
            int elseAt = tokens.next().at();
            Expression elseTest = expressions.tuple(false, Set.of());
            elseIfs.add(new Syntax.If(elseAt, elseTest, body("elif", "else", "endif"), List.of(), List.of()));
        }
        List<Statement> otherwise = tokens.next().isName("else") ? wholeBody("endif") : List.of();
        return new Syntax.If(at, test, body, elseIfs, otherwise);
    }

    private Statement parseSet() {
        int at = tokens.next().at();
        Target target = expressions.target(Set.of(), true);
        if (tokens.skipOperator("=")) {
            return new Syntax.Assign(at, target, expressions.tuple(true, Set.of()));
        }
        Optional<Syntax.Filter> filter = expressions.blockFilter(false);
        return new Syntax.AssignBlock(at, target, filter, wholeBody("endset"));
    }

    private Statement parseWith() {
        int at = tokens.next().at();
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.current().is(Type.BLOCK_END)) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(expressions.target(Set.of(), false));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Syntax.With(at, targets, values, wholeBody("endwith"));
    }

    private Statement parsePrint() {
        int at = tokens.next().at();
        List<Expression> values = new ArrayList<>();
        while (!tokens.current().is(Type.BLOCK_END)) {
            if (!values.isEmpty()) {
                tokens.expectOperator(",");
            }
            values.add(expressions.expression());
        }
        return new Syntax.Print(at, values);
    }

    private Statement parseMacro() {
        int at = tokens.next().at();
        String name = expressions.nameTarget().name();
        Syntax.Signature signature = parseSignature();
        return new Syntax.Macro(at, name, signature, wholeBody("endmacro"));
    }

    private Statement parseCallBlock() {
        int at = tokens.next().at();
        Syntax.Signature signature = tokens.current().isOperator("(") ? parseSignature() : Syntax.Signature.NONE;
        if (!(expressions.expression() instanceof Syntax.Call call)) {
            throw tokens.syntax(at, "expected call");
        }
        return new Syntax.CallBlock(at, call, signature, wholeBody("endcall"));
    }

    private Syntax.Signature parseSignature() {
        tokens.expectOperator("(");
        List<NameTarget> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        while (!tokens.current().isOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            NameTarget parameter = expressions.nameTarget();
            if (parameters.stream().anyMatch(other -> other.name().equals(parameter.name()))) {
                throw tokens.syntax(parameter.at(), "duplicate parameter '" + parameter.name() + "'");
            }
            if (tokens.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.syntax(parameter.at(), "non-default argument follows default argument");
            }
            parameters.add(parameter);
        }
        tokens.expectOperator(")");
        return new Syntax.Signature(parameters, defaults);
    }

    private Statement parseFilterBlock() {
        int at = tokens.next().at();
        Syntax.Filter filter = expressions.blockFilter(true).orElseThrow();
        return new Syntax.FilterBlock(at, filter, wholeBody("endfilter"));
    }

    private Statement parseBlock() {
        int at = tokens.next().at();
        String name = tokens.expect(Type.NAME).value();
        boolean scoped = tokens.skipName("scoped");
        boolean required = tokens.skipName("required");
        if (tokens.current().isOperator("-")) {
            throw tokens.syntax(
                    tokens.current().at(), "block names may not contain hyphens, use an underscore instead");
        }
        List<Statement> body = wholeBody("endblock");
        if (required && !body.stream().allMatch(Parser::isBlank)) {
            throw tokens.syntax(at, "Required blocks can only contain comments or whitespace");
        }
        tokens.skipName(name);
        return new Syntax.Block(at, name, scoped, required, body);
    }

    private static boolean isBlank(Statement statement) {
        return statement instanceof Syntax.Data data
                && data.text().text().codePoints().allMatch(CodePoints::isSpace);
    }

    private Statement parseAutoescape() {
        int at = tokens.next().at();
        Expression on = expressions.expression();
        return new Syntax.Autoescape(at, on, wholeBody("endautoescape"));
    }

    private Statement parseInclude() {
        int at = tokens.next().at();
        Expression template = expressions.expression();
        if (tokens.current().isName("ignore") && tokens.ahead().isName("missing")) {
            tokens.next();
            tokens.next();
        }
        skipContext();
        return new Syntax.OtherTemplate(at, "include", template, List.of());
    }

    private boolean skipContext() {
        boolean with = tokens.current().isName("with") || tokens.current().isName("without");
        if (with && tokens.ahead().isName("context")) {
            tokens.next();
            tokens.next();
            return true;
        }
        return false;
    }

    private Statement parseImport() {
        int at = tokens.next().at();
        Expression template = expressions.expression();
        tokens.expectName("as");
        String name = expressions.nameTarget().name();
        skipContext();
        return new Syntax.OtherTemplate(at, "import", template, List.of(name));
    }

    private Statement parseFrom() {
        int at = tokens.next().at();
        Expression template = expressions.expression();
        tokens.expectName("import");
        List<String> names = new ArrayList<>();
        do {
            if (skipContext()) {
                break;
            }
            NameTarget imported = expressions.nameTarget();
            if (imported.name().startsWith("_")) {
                throw tokens.syntax(imported.at(), "names starting with an underline can not be imported");
            }
            names.add(tokens.skipName("as") ? expressions.nameTarget().name() : imported.name());
        } while (!skipContext() && tokens.skipOperator(","));
        return new Syntax.OtherTemplate(at, "from", template, names);
    }

    /** Expressions, from the loosest precedence on. */
    private static final class ExpressionParser {

        private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
        private static final Set<String> CONSTANTS = Set.of("true", "True", "false", "False", "none", "None");

        private final TokenStream tokens;

        ExpressionParser(TokenStream tokens) {
            this.tokens = tokens;
        }

        NameTarget nameTarget() {
            Token name = tokens.expect(Type.NAME);
            if (CONSTANTS.contains(name.value())) {
                throw tokens.syntax(name.at(), "can't assign to '" + name.value() + "'");
            }
            return new NameTarget(name.at(), name.value());
        }

        Target target(Set<String> ends, boolean withAttributes) {
            int at = tokens.current().at();
            List<Target> items = new ArrayList<>();
            boolean tuple = false;
            do {
                if (atTupleEnd(ends)) {
                    break;
                }
                items.add(primaryTarget(withAttributes));
                tuple |= tokens.current().isOperator(",");
            } while (tokens.skipOperator(","));
            if (items.isEmpty()) {
                throw tokens.syntax(
                        at, "Expected an expression, got '" + tokens.current().words() + "'");
            }
            return tuple ? new Syntax.TupleTarget(at, items) : items.getFirst();
        }

        private Target primaryTarget(boolean withAttributes) {
            Token token = tokens.current();
            if (tokens.skipOperator("(")) {
                if (tokens.skipOperator(")")) {
                    return new Syntax.TupleTarget(token.at(), List.of());
                }
                Target target = target(Set.of(), false);
                tokens.expectOperator(")");
                return target;
            }
            if (!token.is(Type.NAME)) {
                throw tokens.syntax(token.at(), "can't assign to '" + token.words() + "'");
            }
            NameTarget name = nameTarget();
            if (withAttributes && tokens.skipOperator(".")) {
                return new Syntax.AttributeTarget(
                        name.at(), name.name(), tokens.expect(Type.NAME).value());
            }
            return name;
        }

        private boolean atTupleEnd(Set<String> ends) {
            Token token = tokens.current();
            return token.is(Type.PRINT_END)
                    || token.is(Type.BLOCK_END)
                    || token.isOperator(")")
                    || token.is(Type.NAME) && ends.contains(token.value());
        }

        /**
         * An expression, or several separated by commas.
         *
         * @param ends names that end it like a bracket
         */
        Expression tuple(boolean conditional, Set<String> ends) {
            return tuple(conditional, ends, false);
        }

        private Expression tuple(boolean conditional, Set<String> ends, boolean inParentheses) {
            int at = tokens.current().at();
            List<Expression> items = new ArrayList<>();
            boolean tuple = false;
            do {
                if (atTupleEnd(ends)) {
                    break;
                }
                items.add(conditional ? expression() : or());
                tuple |= tokens.current().isOperator(",");
            } while (tokens.skipOperator(","));
            if (tuple || items.isEmpty() && inParentheses) {
                return new Syntax.TupleOf(at, items);
            }
            if (items.isEmpty()) {
                throw tokens.syntax(
                        at, "Expected an expression, got '" + tokens.current().words() + "'");
            }
            return items.getFirst();
        }

        Expression expression() {
            Expression then = or();
            while (tokens.current().isName("if")) {
                int at = tokens.next().at();
                Expression test = or();
                Optional<Expression> otherwise = tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
                then = new Syntax.Conditional(at, test, then, otherwise);
            }
            return then;
        }

        private Expression or() {
            Expression left = and();
            while (tokens.current().isName("or")) {
                left = new Syntax.Or(tokens.next().at(), left, and());
            }
            return left;
        }

        private Expression and() {
            Expression left = not();
            while (tokens.current().isName("and")) {
                left = new Syntax.And(tokens.next().at(), left, not());
            }
            return left;
        }

        private Expression not() {
            return tokens.current().isName("not") ? new Syntax.Not(tokens.next().at(), not()) : compare();
        }

        private Expression compare() {
            Expression first = sum();
            int at = tokens.current().at();
            List<String> operators = new ArrayList<>();
            List<Expression> others = new ArrayList<>();
            while (true) {
                Token token = tokens.current();
                if (token.is(Type.OPERATOR) && COMPARISONS.contains(token.value())) {
                    operators.add(tokens.next().value());
                } else if (tokens.skipName("in")) {
                    operators.add("in");
                } else if (token.isName("not") && tokens.ahead().isName("in")) {
                    tokens.next();
                    tokens.next();
                    operators.add("not in");
                } else {
                    break;
                }
                others.add(sum());
            }
            return operators.isEmpty() ? first : new Syntax.Compare(at, first, operators, others);
        }

        private Expression sum() {
            Expression left = concat();
            while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
                Token operator = tokens.next();
                left = new Syntax.Binary(operator.at(), operator.value(), left, concat());
            }
            return left;
        }

        private Expression concat() {
            Expression first = product();
            if (!tokens.current().isOperator("~")) {
                return first;
            }
            int at = tokens.current().at();
            List<Expression> operands = new ArrayList<>(List.of(first));
            while (tokens.skipOperator("~")) {
                operands.add(product());
            }
            return new Syntax.Concat(at, operands);
        }

        private Expression product() {
            Expression left = power();
            while (tokens.current().is(Type.OPERATOR)
                    && Set.of("*", "/", "//", "%").contains(tokens.current().value())) {
                Token operator = tokens.next();
                left = new Syntax.Binary(operator.at(), operator.value(), left, power());
            }
            return left;
        }

        private Expression power() {
            Expression left = unary(true);
            while (tokens.current().isOperator("**")) {
                left = new Syntax.Binary(tokens.next().at(), "**", left, unary(true));
            }
            return left;
        }

        private Expression unary(boolean withFilters) {
            Token token = tokens.current();
            Expression operand;
            if (token.isOperator("-") || token.isOperator("+")) {
                tokens.next();
                operand = new Syntax.Unary(token.at(), token.value(), unary(false));
            } else {
                operand = primary();
            }
            operand = postfix(operand);
            return withFilters ? filtersAndTests(operand) : operand;
        }

        private Expression primary() {
            Token token = tokens.current();
            return switch (token.type()) {
                case NAME -> {
                    tokens.next();
                    yield CONSTANTS.contains(token.value())
                            ? new Syntax.Literal(token.at(), constant(token.value()))
                            : new Syntax.Name(token.at(), token.value());
                }
                case STRING -> {
                    StringBuilder text = new StringBuilder();
                    while (tokens.current().is(Type.STRING)) {
                        text.append(tokens.next().value());
                    }
                    yield new Syntax.Literal(token.at(), Rope.of(text.toString()));
                }
                case INTEGER -> new Syntax.Literal(tokens.next().at(), integer(token));
                case FLOAT ->
                    new Syntax.Literal(
                            tokens.next().at(),
                            NumberText.parseFloat(token.value()).orElseThrow());
                case OPERATOR -> bracketed(token);
                default -> throw tokens.syntax(token.at(), "unexpected '" + token.words() + "'");
            };
        }

        private static Object constant(String name) {
            return switch (name) {
                case "true", "True" -> Boolean.TRUE;
                case "false", "False" -> Boolean.FALSE;
                default -> None.NONE;
            };
        }

        private BigInteger integer(Token token) {
            try {
                return NumberText.parseInteger(token.value(), 0).orElseThrow();
            } catch (TemplateException e) {
                throw tokens.syntax(token.at(), e.problem());
            }
        }

        private Expression bracketed(Token token) {
            switch (token.value()) {
                case "(" -> {
                    tokens.next();
                    Expression inside = tuple(true, Set.of(), true);
                    tokens.expectOperator(")");
                    return inside;
                }
                case "[" -> {
                    tokens.next();
                    List<Expression> items = new ArrayList<>();
                    while (!tokens.current().isOperator("]")) {
                        items.add(expression());
                        if (!tokens.current().isOperator("]")) {
                            tokens.expectOperator(",");
                        }
                    }
                    tokens.next();
                    return new Syntax.ListOf(token.at(), items);
                }
                case "{" -> {
                    return dict();
                }
                default -> throw tokens.syntax(token.at(), "unexpected '" + token.value() + "'");
            }
        }

        private Expression dict() {
            int at = tokens.next().at();
            List<Expression> keys = new ArrayList<>();
            List<Expression> values = new ArrayList<>();
            while (!tokens.current().isOperator("}")) {
                keys.add(expression());
                tokens.expectOperator(":");
                values.add(expression());
                if (!tokens.current().isOperator("}")) {
                    tokens.expectOperator(",");
                }
            }
            tokens.next();
            return new Syntax.DictOf(at, keys, values);
        }

        private Expression postfix(Expression start) {
            Expression expression = start;
            while (true) {
                Token token = tokens.current();
                if (token.isOperator(".")) {
                    expression = dotted(expression);
                } else if (token.isOperator("[")) {
                    expression = subscript(expression);
                } else if (token.isOperator("(")) {
                    expression = new Syntax.Call(token.at(), expression, arguments());
                } else {
                    return expression;
                }
            }
        }

        private Expression dotted(Expression object) {
            int at = tokens.next().at();
            Token name = tokens.next();
            return switch (name.type()) {
                case NAME -> new Syntax.Attribute(at, object, name.value());
                case INTEGER -> new Syntax.Item(at, object, new Syntax.Literal(name.at(), integer(name)));
                default -> throw tokens.syntax(name.at(), "expected name or number");
            };
        }

        private Expression subscript(Expression object) {
            int at = tokens.next().at();
            List<Expression> indexes = new ArrayList<>();
            while (!tokens.current().isOperator("]")) {
                if (!indexes.isEmpty()) {
                    tokens.expectOperator(",");
                }
                indexes.add(index());
            }
            tokens.next();
            if (indexes.size() > 1 && indexes.stream().anyMatch(Syntax.SliceOf.class::isInstance)) {
                throw tokens.syntax(at, "invalid syntax for a slice");
            }
            return new Syntax.Item(
                    at, object, indexes.size() == 1 ? indexes.getFirst() : new Syntax.TupleOf(at, indexes));
        }

        private Expression index() {
            int at = tokens.current().at();
            Optional<Expression> start =
                    tokens.current().isOperator(":") ? Optional.empty() : Optional.of(expression());
            if (!tokens.skipOperator(":")) {
                return start.orElseThrow();
            }
            Optional<Expression> stop = tokens.current().isOperator(":") ? Optional.empty() : bound();
            Optional<Expression> step = tokens.skipOperator(":") ? bound() : Optional.empty();
            return new Syntax.SliceOf(at, start, stop, step);
        }

        private Optional<Expression> bound() {
            return tokens.current().isOperator("]") || tokens.current().isOperator(",")
                    ? Optional.empty()
                    : Optional.of(expression());
        }

        private CallArguments arguments() {
            int at = tokens.next().at();
            List<Expression> positional = new ArrayList<>();
            List<Syntax.Named> named = new ArrayList<>();
            Optional<Expression> morePositional = Optional.empty();
            Optional<Expression> moreNamed = Optional.empty();
            boolean first = true;
            while (!tokens.current().isOperator(")")) {
                if (!first) {
                    tokens.expectOperator(",");
                    if (tokens.current().isOperator(")")) {
                        break;
                    }
                }
                first = false;
                if (tokens.current().isOperator("*")) {
                    ensure(morePositional.isEmpty() && moreNamed.isEmpty(), at);
                    tokens.next();
                    morePositional = Optional.of(expression());
                } else if (tokens.current().isOperator("**")) {
                    ensure(moreNamed.isEmpty(), at);
                    tokens.next();
                    moreNamed = Optional.of(expression());
                } else if (tokens.current().is(Type.NAME) && tokens.ahead().isOperator("=")) {
                    ensure(moreNamed.isEmpty(), at);
                    String name = tokens.next().value();
                    tokens.next();
                    ensure(named.stream().noneMatch(other -> other.name().equals(name)), at);
                    named.add(new Syntax.Named(name, expression()));
                } else {
                    ensure(morePositional.isEmpty() && moreNamed.isEmpty() && named.isEmpty(), at);
                    positional.add(expression());
                }
            }
            tokens.next();
            return new CallArguments(positional, named, morePositional, moreNamed);
        }

        private void ensure(boolean valid, int at) {
            if (!valid) {
                throw tokens.syntax(at, "invalid syntax for function call expression");
            }
        }

        private CallArguments argumentsIfAny() {
            return tokens.current().isOperator("(") ? arguments() : CallArguments.NONE;
        }

        private Expression filtersAndTests(Expression start) {
            Expression expression = start;
            while (true) {
                Token token = tokens.current();
                if (token.isOperator("|")) {
                    tokens.next();
                    expression = filter(Optional.of(expression));
                } else if (token.isName("is")) {
                    expression = test(expression);
                } else if (token.isOperator("(")) {
                    expression = new Syntax.Call(token.at(), expression, arguments());
                } else {
                    return expression;
                }
            }
        }

        private Syntax.Filter filter(Optional<Expression> value) {
            int at = tokens.current().at();
            String name = dottedName();
            return new Syntax.Filter(at, value, name, argumentsIfAny());
        }

        /** The filters of a block, the innermost of which receives the block's text. */
        Optional<Syntax.Filter> blockFilter(boolean begun) {
            Optional<Expression> filter = begun ? Optional.of(filter(Optional.empty())) : Optional.empty();
            while (tokens.skipOperator("|")) {
                filter = Optional.of(filter(filter));
            }
            return filter.map(Syntax.Filter.class::cast);
        }

        private String dottedName() {
            StringBuilder name = new StringBuilder(tokens.expect(Type.NAME).value());
            while (tokens.skipOperator(".")) {
                name.append('.').append(tokens.expect(Type.NAME).value());
            }
            return name.toString();
        }

        private Expression test(Expression value) {
            int at = tokens.next().at();
            boolean negated = tokens.skipName("not");
            String name = dottedName();
            CallArguments arguments = CallArguments.NONE;
            Token next = tokens.current();
            if (next.isOperator("(")) {
                arguments = arguments();
            } else if (startsOperand(next)) {
                if (next.isName("is")) {
                    throw tokens.syntax(next.at(), "You cannot chain multiple tests with is");
                }
                Expression operand = postfix(primary());
                arguments = new CallArguments(List.of(operand), List.of(), Optional.empty(), Optional.empty());
            }
            Syntax.Test test = new Syntax.Test(at, value, name, arguments);
            return negated ? new Syntax.Not(at, test) : test;
        }

        private static boolean startsOperand(Token token) {
            return switch (token.type()) {
                case STRING, INTEGER, FLOAT -> true;
                case NAME -> !Set.of("else", "or", "and").contains(token.value());
                case OPERATOR -> token.value().equals("[") || token.value().equals("{");
                default -> false;
            };
        }
    }
}
