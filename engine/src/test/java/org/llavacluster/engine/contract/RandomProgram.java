package org.llavacluster.engine.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;

/** A random chain of operations over rows in groups, as encoders and decoders are made of. */
final class RandomProgram {

    private final Random random;
    private final ProgramBuilder builder = new ProgramBuilder("main");
    private final List<Value> before = new ArrayList<>();
    private int weights;
    private long group;
    private Value x;

    private RandomProgram(Random random) {
        this.random = random;
        group = 2 + random.nextInt(5);
        x = builder.input("x", DType.F32, Dim.of("groups").times(group), Dim.of(16));
    }

    /** Rows are {@code groups} times a number that the program fixes; outputs are {@code y} and the value halfway. */
    static Program of(Random random) {
        RandomProgram program = new RandomProgram(random);
        int operations = 6 + random.nextInt(10);
        for (int i = 0; i < operations; i++) {
            program.before.add(program.x);
            program.x = program.next();
        }
        program.builder.output("halfway", program.before.get(operations / 2));
        program.builder.output("y", program.x);
        return program.builder.build();
    }

    private Value next() {
        int columns = (int) x.columns();
        return switch (random.nextInt(12)) {
            case 0 -> builder.linear(x, weight(columns, columns), weight(columns));
            case 1 -> builder.linear(x, weight(8 * (1 + random.nextInt(4)), columns), null);
            case 2 -> builder.layerNorm(x, weight(columns), weight(columns), 1e-5f);
            case 3 -> builder.rmsNorm(x, weight(columns), 1e-6f);
            case 4 -> builder.quickGelu(x);
            case 5 -> builder.gelu(x);
            case 6 -> builder.siluGate(x, builder.linear(x, weight(columns, columns), null));
            case 7 -> builder.add(x, similar());
            case 8 -> builder.add(x, builder.reshape(weight((int) group, columns), Dim.of(group), Dim.of(columns)));
            case 9 -> attention(columns);
            case 10 -> regroup();
            default -> narrow(builder.concatColumns(List.of(x, similar())));
        };
    }

    private Value attention(int columns) {
        int heads = columns % 32 == 0 ? 4 : 2;
        int kvHeads = random.nextBoolean() ? heads : 1;
        Value k = builder.linear(x, weight(columns / heads * kvHeads, columns), null);
        Value v = builder.linear(x, weight(columns / heads * kvHeads, columns), null);
        return builder.attention(x, k, v, heads, kvHeads, Dim.of(group), random.nextBoolean());
    }

    private Value regroup() {
        if (group > 2 && random.nextBoolean()) {
            return builder.dropFirstRow(x, group--);
        }
        return builder.prependRow(x, weight((int) x.columns()), group++);
    }

    /** An earlier value of the same shape, or this one. */
    private Value similar() {
        List<Value> fitting =
                before.stream().filter(v -> v.shape().equals(x.shape())).toList();
        return fitting.isEmpty() ? x : fitting.get(random.nextInt(fitting.size()));
    }

    /** Keeps the number of columns from growing for ever. */
    private Value narrow(Value wide) {
        return wide.columns() <= 64 ? wide : builder.linear(wide, weight(16, (int) wide.columns()), null);
    }

    private Value weight(int... shape) {
        long[] sizes = new long[shape.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = shape[i];
        }
        return builder.weight("w" + weights++, sizes);
    }
}
