package org.llavacluster.engine.simd.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.Value;

/**
 * Assigns buffers to the values of a program. When no later operation reads a value, its buffer is free for another.
 */
final class BufferPlan {

    private final Program program;
    private final HeldWeights weights;
    private final Slot[] slots;
    /** For each value the last operation that reads it. */
    private final int[] lastUse;

    private final int[] uses;
    private final Deque<Integer> free = new ArrayDeque<>();
    private int buffers;

    BufferPlan(Program program, HeldWeights weights) {
        this.program = program;
        this.weights = weights;
        int values = program.values().size();
        slots = new Slot[values];
        lastUse = new int[values];
        uses = new int[values];
        for (int i = 0; i < values; i++) {
            for (Value operand : Operands.of(program.ops().get(i))) {
                int root = Operands.root(program, operand).id();
                lastUse[root] = i;
                uses[root]++;
            }
        }
        for (Value output : program.outputs().values()) {
            int root = Operands.root(program, output).id();
            lastUse[root] = Integer.MAX_VALUE;
            uses[root]++;
        }
    }

    /** Number of buffers that a run needs. */
    int buffers() {
        return buffers;
    }

    /** Whether exactly one operation reads the value, and the caller does not. */
    boolean usedOnce(Value value) {
        return uses[Operands.root(program, value).id()] == 1;
    }

    /** The slot of a value that was planned before, or of a weight held as floats. */
    Slot of(Value value) {
        Value root = Operands.root(program, value);
        if (program.ops().get(root.id()) instanceof Op.Weight weight) {
            return Slot.of(constant(weight.name()));
        }
        return slots[root.id()];
    }

    /** The elements of a weight. */
    float[] constant(Value value) {
        Slot slot = of(value);
        if (slot.constant() == null) {
            throw new IllegalArgumentException(
                    "program " + program.name() + ": scales, shifts and biases must be weights on this backend");
        }
        return slot.constant();
    }

    /** A slot for a value whose operands must not be overwritten while it is computed. */
    Slot allot(Value value) {
        int buffer = free.isEmpty() ? buffers++ : free.pop();
        slots[value.id()] = Slot.of(buffer);
        return slots[value.id()];
    }

    /** A slot for the result of operation {@code op} on {@code x}: the slot of x itself if nothing reads x later. */
    Slot allotOver(Value x, Value value, int op) {
        Value root = Operands.root(program, x);
        Slot slot = slots[root.id()];
        if (slot == null || lastUse[root.id()] > op) {
            return allot(value);
        }
        slots[value.id()] = slot;
        // The buffer belongs to the new value now and must not be freed with x.
        lastUse[root.id()] = -1;
        return slot;
    }

    /** Frees the buffers whose last reader is operation {@code op} or an earlier one. */
    void release(int op) {
        for (int i = 0; i <= op; i++) {
            if (slots[i] != null && lastUse[i] >= 0 && lastUse[i] <= op) {
                free.push(slots[i].buffer());
                lastUse[i] = -1;
            }
        }
    }

    private float[] constant(String name) {
        return weights.constant(name);
    }
}
