package org.llavacluster.decoder.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Forms the next step, which is the batch that the engine computes. First comes the next row of every stream that is
 * not paused. Then prompt rows are added, oldest sequence first, as far as {@link PrefillBudget} allows.
 */
final class StepPlanner {

    private final PrefillBudget budget;
    private final int outboxTokens;

    StepPlanner(PrefillBudget budget, int outboxTokens) {
        this.budget = budget;
        this.outboxTokens = outboxTokens;
    }

    /** Whether the sequence waits until its reader has caught up. */
    boolean isPaused(Sequence sequence) {
        return sequence.unacknowledged >= outboxTokens;
    }

    /**
     * @param running sequences, oldest first
     * @param makeRoom makes room for the next row, and returns false if the sequence was preempted instead; may preempt
     *     other sequences
     */
    List<Step.Part> plan(Iterable<Sequence> running, Predicate<Sequence> makeRoom) {
        List<Step.Part> parts = new ArrayList<>();
        for (Sequence sequence : running) {
            if (streams(sequence) && makeRoom.test(sequence)) {
                sequence.table().grow(sequence.computed() + 1);
            }
        }
        // Collected only now, because a sequence chosen before may have been preempted for a later one.
        for (Sequence sequence : running) {
            if (streams(sequence)) {
                parts.add(part(sequence, 1));
            }
        }
        int left = budget.rows(parts.size());
        left -= prefill(running, left, parts, sequence -> sequence.ready() == sequence.known());
        prefill(running, left, parts, sequence -> sequence.ready() < sequence.known());
        return parts;
    }

    private boolean streams(Sequence sequence) {
        return sequence.table() != null && sequence.isDecoding() && !isPaused(sequence);
    }

    private int prefill(Iterable<Sequence> running, int budgetRows, List<Step.Part> parts, Predicate<Sequence> which) {
        int used = 0;
        for (Sequence sequence : running) {
            if (used == budgetRows) {
                break;
            }
            if (sequence.table() == null || sequence.isDecoding() || isPaused(sequence) || !which.test(sequence)) {
                continue;
            }
            int rows = Math.min(budgetRows - used, sequence.ready() - sequence.computed());
            if (rows > 0) {
                parts.add(part(sequence, rows));
                used += rows;
            }
        }
        return used;
    }

    private static Step.Part part(Sequence sequence, int rows) {
        int end = sequence.computed() + rows;
        sequence.table().grow(end);
        return new Step.Part(
                sequence.id(),
                sequence.computed(),
                rows,
                sequence.table().blocks(),
                sequence.nextRuns(rows),
                end == sequence.known(),
                !sequence.isDecoding());
    }
}
