package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Queries over syntax trees. */
final class SyntaxWalk {

    private SyntaxWalk() {}

    /** Whether an expression reads no variable and calls nothing, so that its value is known beforehand. */
    static boolean isConstant(Syntax expression) {
        return !(expression instanceof Syntax.Name)
                && !(expression instanceof Syntax.Call)
                && children(expression).stream().allMatch(SyntaxWalk::isConstant);
    }

    /** The children of a node, in source order. */
    private static List<Syntax> children(Syntax node) {
        List<Syntax> children = new ArrayList<>();
        switch (node) {
            case Syntax.Literal _,
                    Syntax.Name _,
                    Syntax.NameTarget _,
                    Syntax.AttributeTarget _,
                    Syntax.Data _,
                    Syntax.Break _,
                    Syntax.Continue _ -> {}
            case Syntax.TupleOf tuple -> children.addAll(tuple.items());
            case Syntax.ListOf list -> children.addAll(list.items());
            case Syntax.DictOf dict -> {
                for (int i = 0; i < dict.keys().size(); i++) {
                    children.add(dict.keys().get(i));
                    children.add(dict.values().get(i));
                }
            }
            case Syntax.Unary unary -> children.add(unary.operand());
            case Syntax.Not not -> children.add(not.operand());
            case Syntax.Binary binary -> children.addAll(List.of(binary.left(), binary.right()));
            case Syntax.And and -> children.addAll(List.of(and.left(), and.right()));
            case Syntax.Or or -> children.addAll(List.of(or.left(), or.right()));
            case Syntax.Compare compare -> {
                children.add(compare.first());
                children.addAll(compare.others());
            }
            case Syntax.Concat concat -> children.addAll(concat.operands());
            case Syntax.Conditional conditional -> {
                children.addAll(List.of(conditional.test(), conditional.then()));
                conditional.otherwise().ifPresent(children::add);
            }
            case Syntax.Attribute attribute -> children.add(attribute.object());
            case Syntax.Item item -> children.addAll(List.of(item.object(), item.index()));
            case Syntax.SliceOf slice ->
                List.of(slice.start(), slice.stop(), slice.step()).forEach(bound -> bound.ifPresent(children::add));
            case Syntax.Call call -> {
                children.add(call.function());
                addArguments(call.arguments(), children);
            }
            case Syntax.Filter filter -> {
                filter.value().ifPresent(children::add);
                addArguments(filter.arguments(), children);
            }
            case Syntax.Test test -> {
                children.add(test.value());
                addArguments(test.arguments(), children);
            }
            case Syntax.TupleTarget tuple -> children.addAll(tuple.items());
            case Syntax.Print print -> children.addAll(print.values());
            case Syntax.If choice -> {
                children.add(choice.test());
                children.addAll(choice.body());
                children.addAll(choice.elseIfs());
                children.addAll(choice.otherwise());
            }
            case Syntax.For loop -> {
                children.addAll(List.of(loop.target(), loop.iterable()));
                children.addAll(loop.body());
                children.addAll(loop.otherwise());
                loop.test().ifPresent(children::add);
            }
            case Syntax.Assign assign -> children.addAll(List.of(assign.target(), assign.value()));
            case Syntax.AssignBlock assign -> {
                children.add(assign.target());
                assign.filter().ifPresent(children::add);
                children.addAll(assign.body());
            }
            case Syntax.With with -> {
                children.addAll(with.targets());
                children.addAll(with.values());
                children.addAll(with.body());
            }
            case Syntax.FilterBlock block -> {
                children.addAll(block.body());
                children.add(block.filter());
            }
            case Syntax.Autoescape autoescape -> {
                children.add(autoescape.on());
                children.addAll(autoescape.body());
            }
            case Syntax.Macro macro -> addFunction(macro.signature(), macro.body(), children);
            case Syntax.CallBlock block -> {
                children.add(block.call());
                addFunction(block.signature(), block.body(), children);
            }
            case Syntax.Generation generation -> children.addAll(generation.body());
            case Syntax.Block block -> children.addAll(block.body());
            case Syntax.OtherTemplate other -> children.add(other.template());
        }
        return children;
    }

    private static void addArguments(Syntax.CallArguments arguments, List<Syntax> children) {
        children.addAll(arguments.positional());
        arguments.named().forEach(named -> children.add(named.value()));
        arguments.morePositional().ifPresent(children::add);
        arguments.moreNamed().ifPresent(children::add);
    }

    private static void addFunction(Syntax.Signature signature, List<Syntax.Statement> body, List<Syntax> children) {
        children.addAll(signature.parameters());
        children.addAll(signature.defaults());
        children.addAll(body);
    }

    /** The names that an expression reads, in order. */
    static List<String> names(Syntax.Expression expression) {
        List<String> names = new ArrayList<>();
        visit(expression, node -> {
            if (node instanceof Syntax.Name name) {
                names.add(name.name());
            }
        });
        return names;
    }

    private static void visit(Syntax node, Consumer<Syntax> visitor) {
        visitor.accept(node);
        children(node).forEach(child -> visit(child, visitor));
    }

    /** Which of the names are read before they are assigned to; blocks are ignored. */
    static Set<String> undeclared(List<? extends Syntax> nodes, Set<String> names) {
        Set<String> sought = new HashSet<>(names);
        Set<String> undeclared = new HashSet<>();
        nodes.forEach(node -> findUndeclared(node, sought, undeclared));
        return undeclared;
    }

    private static void findUndeclared(Syntax node, Set<String> sought, Set<String> undeclared) {
        switch (node) {
            case Syntax.Name name when sought.contains(name.name()) -> undeclared.add(name.name());
            case Syntax.NameTarget name -> sought.remove(name.name());
            case Syntax.Block _ -> {}
            default -> children(node).forEach(child -> findUndeclared(child, sought, undeclared));
        }
    }

    static List<Syntax.Block> blocks(List<? extends Syntax> nodes) {
        List<Syntax.Block> blocks = new ArrayList<>();
        nodes.forEach(each -> visit(each, node -> {
            if (node instanceof Syntax.Block block) {
                blocks.add(block);
            }
        }));
        return blocks;
    }

    /**
     * The assignment to a name inside of a loop, if any; parameters of macros and names of {@code with} do not count.
     */
    static Optional<Syntax.NameTarget> assignment(Syntax node, String name) {
        List<Syntax> children = new ArrayList<>(children(node));
        switch (node) {
            case Syntax.NameTarget target
            when target.name().equals(name) -> {
                return Optional.of(target);
            }
            case Syntax.With with -> children.removeAll(with.targets());
            case Syntax.Macro macro -> children.removeAll(macro.signature().parameters());
            case Syntax.CallBlock block -> children.removeAll(block.signature().parameters());
            default -> {}
        }
        return children.stream()
                .flatMap(child -> assignment(child, name).stream())
                .findFirst();
    }
}
