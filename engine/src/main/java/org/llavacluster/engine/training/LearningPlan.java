package org.llavacluster.engine.training;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.Value;

/**
 * What is to be learned: the sum of the cross entropies of a program's logits against target ids.
 *
 * @param program without KV attention
 * @param logits the output {@code [targets, vocabulary]} that the loss is of
 * @param trained names of the program's weights that learn; those of adapters learn in any case
 * @param adapters by the names of the linear layers' weights, which stay as they are
 */
public record LearningPlan(Program program, String logits, List<String> trained, Map<String, LowRankAdapter> adapters) {

    public LearningPlan {
        trained = List.copyOf(trained);
        adapters = Map.copyOf(adapters);
        Value value = program.outputs().get(logits);
        if (value == null || value.shape().size() != 2) {
            throw new IllegalArgumentException(
                    "program " + program.name() + " has no output " + logits + " of rows and columns");
        }
        for (String adapted : adapters.keySet()) {
            if (trained.contains(adapted)) {
                throw new IllegalArgumentException(adapted + " has an adapter and cannot learn itself");
            }
        }
        if (trained.isEmpty() && adapters.isEmpty()) {
            throw new IllegalArgumentException("nothing is to be learned");
        }
    }

    /** A plan without adapters. */
    public LearningPlan(Program program, String logits, List<String> trained) {
        this(program, logits, trained, Map.of());
    }

    /**
     * A plan without adapters.
     *
     * @param trains whether a weight of that name learns
     */
    public static LearningPlan of(Program program, String logits, Predicate<String> trains) {
        return new LearningPlan(
                program,
                logits,
                program.weights().stream()
                        .map(Op.Weight::name)
                        .filter(trains)
                        .sorted()
                        .toList());
    }

    /** The number of classes. */
    public Dim classes() {
        return program.outputs().get(logits).shape().getLast();
    }
}
