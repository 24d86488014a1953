package org.llavacluster.engine.simd.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.Value;

/** Gives the values of a program their buffers: one that no later operation reads passes its buffer on. */
final class BufferPlan {

    private final Program program;
    private final HeldWeights weights;
    private final Slot[] places;
    /** By value: the last operation that reads it. */
    private final int[] lastUse;

    private final int[] uses;
    private final Deque<Integer> free = new ArrayDeque<>();
    private int buffers;

    BufferPlan(Program program, HeldWeights weights) {
        this.program = program;
        this.weights = weights;
        int values = program.values().size();
        places = new Slot[values];
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

    /** How many buffers there are. */
    int buffers() {
        return buffers;
    }

    /** Whether one operation reads it, and nothing else. */
    boolean usedOnce(Value value) {
        return uses[Operands.root(program, value).id()] == 1;
    }

    /** Where a value lies that was computed before, or a weight that is held as floats. */
    Slot of(Value value) {
        Value root = Operands.root(program, value);
        if (program.ops().get(root.id()) instanceof Op.Weight weight) {
            return Slot.of(constant(weight.name()));
        }
        return places[root.id()];
    }

    /** The elements of a weight. */
    float[] constant(Value value) {
        Slot place = of(value);
        if (place.constant() == null) {
            throw new IllegalArgumentException(
                    "program " + program.name() + ": scales, shifts and biases must be weights on this backend");
        }
        return place.constant();
    }

    /** A place for a value of which no operand may be overwritten while it is computed. */
    Slot allot(Value value) {
        int buffer = free.isEmpty() ? buffers++ : free.pop();
        places[value.id()] = Slot.of(buffer);
        return places[value.id()];
    }

    /** A place for what operation {@code op} makes of {@code x}: that of x, where nothing reads x later. */
    Slot allotOver(Value x, Value value, int op) {
        Value root = Operands.root(program, x);
        Slot place = places[root.id()];
        if (place == null || lastUse[root.id()] > op) {
            return allot(value);
        }
        places[value.id()] = place;
        // It is the new value's now, and not to be freed with x.
        lastUse[root.id()] = -1;
        return place;
    }

    /** Frees what was read last by operations up to {@code op}, which was planned. */
    void release(int op) {
        for (int i = 0; i <= op; i++) {
            if (places[i] != null && lastUse[i] >= 0 && lastUse[i] <= op) {
                free.push(places[i].buffer());
                lastUse[i] = -1;
            }
        }
    }

    private float[] constant(String name) {
        return weights.constant(name);
    }
}
