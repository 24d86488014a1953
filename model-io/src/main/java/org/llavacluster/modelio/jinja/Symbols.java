package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llavacluster.modelio.jinja.Code.Slots;
import org.llavacluster.modelio.jinja.Code.Variable;

/**
 * The names of one scope of a template. The variable that a name refers to, and its value when the scope is entered,
 * depend on where the scope assigns to the name and whether enclosing scopes know it. These are jinja2's rules: an
 * assignment in a loop is gone after the loop, one in an {@code if} is not.
 */
final class Symbols {

    /** The value of a variable when its scope is entered. */
    sealed interface Load {}

    /** Set by the caller or by a loop. */
    record Parameter() implements Load {}

    /** Given to the template under this name. */
    record Given(String name) implements Load {}

    /** The value of the enclosing scope's variable of the same name. */
    record Copied(Variable from) implements Load {}

    record Nothing() implements Load {}

    private final Symbols parent;
    private final int level;
    private final Slots slots;
    private final Map<String, Variable> variables = new LinkedHashMap<>();
    private final Map<Variable, Load> loads = new LinkedHashMap<>();
    private final Set<String> stores = new HashSet<>();

    /**
     * @param parent the enclosing scope; null if none
     * @param slots slots of the function that the scope belongs to
     */
    Symbols(Symbols parent, Slots slots) {
        this(parent, slots, parent == null ? 0 : parent.level + 1);
    }

    private Symbols(Symbols parent, Slots slots, int level) {
        this.parent = parent;
        this.slots = slots;
        this.level = level;
    }

    /** A copy for one branch of an {@code if}. */
    Symbols copy() {
        Symbols copy = new Symbols(parent, slots, level);
        copy.variables.putAll(variables);
        copy.loads.putAll(loads);
        copy.stores.addAll(stores);
        return copy;
    }

    Map<Variable, Load> loads() {
        return loads;
    }

    Slots slots() {
        return slots;
    }

    /** The variable, or null if no scope knows the name. */
    private Variable find(String name) {
        Variable found = variables.get(name);
        return found != null || parent == null ? found : parent.find(name);
    }

    Variable variable(String name) {
        Variable found = find(name);
        if (found == null) {
            throw new IllegalStateException("no scope knows the name " + name);
        }
        return found;
    }

    private Variable define(String name, Load load) {
        Variable variable = slots.variable(level, name);
        variables.put(name, variable);
        loads.put(variable, load);
        return variable;
    }

    Variable declareParameter(String name) {
        stores.add(name);
        return define(name, new Parameter());
    }

    void store(String name) {
        stores.add(name);
        if (!variables.containsKey(name)) {
            Variable outer = parent == null ? null : parent.find(name);
            define(name, outer == null ? new Nothing() : new Copied(outer));
        }
    }

    void load(String name) {
        if (find(name) == null) {
            define(name, new Given(name));
        }
    }

    /** Merges the assignments of an {@code if}'s branches. If another branch runs, a name keeps its earlier meaning. */
    void merge(List<Symbols> branches) {
        Set<String> assigned = new HashSet<>();
        branches.forEach(branch -> assigned.addAll(branch.stores));
        assigned.removeAll(stores);
        for (Symbols branch : branches) {
            variables.putAll(branch.variables);
            loads.putAll(branch.loads);
            stores.addAll(branch.stores);
        }
        for (String name : assigned) {
            Variable outer = parent == null ? null : parent.find(name);
            loads.put(variable(name), outer == null ? new Given(name) : new Copied(outer));
        }
    }

    /** All names that this scope and enclosing ones assign to, with their variables. */
    Map<String, Variable> stored() {
        Map<String, Variable> stored = new HashMap<>();
        for (Symbols at = this; at != null; at = at.parent) {
            for (String name : at.stores) {
                stored.putIfAbsent(name, find(name));
            }
        }
        return stored;
    }

    void readStatements(List<? extends Syntax> statements) {
        new Reader(this).readAll(statements);
    }

    void readParameter(Syntax.Target target) {
        switch (target) {
            case Syntax.NameTarget name -> declareParameter(name.name());
            case Syntax.TupleTarget tuple -> tuple.items().forEach(this::readParameter);
            case Syntax.AttributeTarget attribute -> load(attribute.name());
        }
    }

    void readExpression(Syntax.Expression expression) {
        SyntaxWalk.names(expression).forEach(this::load);
    }

    /** Visits statements, except those inside of a scope of their own. */
    private static final class Reader {

        private Symbols symbols;

        Reader(Symbols symbols) {
            this.symbols = symbols;
        }

        void readAll(List<? extends Syntax> statements) {
            statements.forEach(this::read);
        }

        private void read(Syntax node) {
            switch (node) {
                case Syntax.Expression expression -> symbols.readExpression(expression);
                case Syntax.Target target -> readTarget(target);
                case Syntax.Print print -> readAll(print.values());
                case Syntax.If choice -> readIf(choice);
                case Syntax.For loop -> read(loop.iterable());
                case Syntax.Assign assign -> {
                    read(assign.value());
                    readTarget(assign.target());
                }
                case Syntax.AssignBlock assign -> readTarget(assign.target());
                case Syntax.With with -> readAll(with.values());
                case Syntax.FilterBlock block -> read(block.filter());
                case Syntax.Macro macro -> symbols.store(macro.name());
                case Syntax.CallBlock block -> read(block.call());
                case Syntax.OtherTemplate other -> {
                    read(other.template());
                    other.names().forEach(symbols::store);
                }
                case Syntax.Data _,
                        Syntax.Break _,
                        Syntax.Continue _,
                        Syntax.Autoescape _,
                        Syntax.Generation _,
                        Syntax.Block _ -> {}
            }
        }

        private void readTarget(Syntax.Target target) {
            switch (target) {
                case Syntax.NameTarget name -> symbols.store(name.name());
                case Syntax.TupleTarget tuple -> tuple.items().forEach(this::readTarget);
                case Syntax.AttributeTarget attribute -> symbols.load(attribute.name());
            }
        }

        private void readIf(Syntax.If choice) {
            read(choice.test());
            List<Symbols> branches = new ArrayList<>();
            branches.add(branch(choice.body()));
            branches.add(branch(choice.elseIfs()));
            branches.add(branch(choice.otherwise()));
            symbols.merge(branches);
        }

        private Symbols branch(List<? extends Syntax> statements) {
            Symbols original = symbols;
            symbols = original.copy();
            readAll(statements);
            Symbols branch = symbols;
            symbols = original;
            return branch;
        }
    }
}
