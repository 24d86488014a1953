package org.llavacluster.model.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.program.Op;

class OperationBenchCasesTest {

    /** Operations that compute nothing. */
    private static final Set<Class<?>> SILENT = Set.of(Op.Input.class, Op.Weight.class, Op.Reshape.class);

    /** Operations of programs that learn and never serve. */
    private static final Set<Class<?>> LEARNING = Set.of(Op.PairSimilarities.class);

    @Test
    void shouldHoldEveryOperation() {
        Set<Class<?>> expected = new HashSet<>(Arrays.asList(Op.class.getPermittedSubclasses()));
        expected.removeAll(SILENT);
        expected.removeAll(LEARNING);
        Set<Class<?>> measured = new HashSet<>();
        for (OperationBenchCase one : OperationBenchCases.others()) {
            one.with().ops().forEach(op -> measured.add(op.getClass()));
        }
        OperationBenchCases.linear().forEach(one -> one.with().ops().forEach(op -> measured.add(op.getClass())));
        measured.removeAll(SILENT);
        assertThat(measured).isEqualTo(expected);
    }

    @Test
    void shouldDifferByTheOperationOnly() {
        for (OperationBenchCase one : OperationBenchCases.others()) {
            long with = one.with().ops().stream()
                    .filter(op -> !(op instanceof Op.Weight))
                    .count();
            long without = one.without().ops().size();
            assertThat(with - without)
                    .as("%s, rows %s", one.operation(), one.rows())
                    .isEqualTo(one.repeats());
            assertThat(one.with().outputs().keySet())
                    .isEqualTo(one.without().outputs().keySet());
        }
    }
}
