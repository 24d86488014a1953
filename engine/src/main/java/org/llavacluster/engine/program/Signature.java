package org.llavacluster.engine.program;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.HostTensor;

/** What a program expects of its inputs; the same checks for every backend, made before anything runs. */
public final class Signature {

    private final String program;
    private final Map<String, Op.Input> inputs = new LinkedHashMap<>();
    private final List<Value> sums = new ArrayList<>();
    private final List<Op.ConcatRows> concats = new ArrayList<>();
    private final List<IndexUse> indexUses = new ArrayList<>();
    private final List<Dim> kvRows = new ArrayList<>();

    /** The input {@code indices} must lie in {@code 0 .. limit - 1}. */
    private record IndexUse(String input, Dim limit) {}

    public Signature(Program program) {
        this.program = program.name();
        for (int i = 0; i < program.ops().size(); i++) {
            switch (program.ops().get(i)) {
                case Op.Input input -> inputs.put(input.name(), input);
                case Op.ConcatRows concat -> {
                    sums.add(program.values().get(i));
                    concats.add(concat);
                }
                case Op.Embedding embedding -> use(program, embedding.ids(), embedding.table());
                case Op.GatherRows gather -> use(program, gather.index(), gather.x());
                case Op.KvAttention attention -> kvRows.add(rows(attention.q()));
                default -> {}
            }
        }
    }

    private void use(Program owner, Value indices, Value table) {
        if (owner.ops().get(indices.id()) instanceof Op.Input input) {
            indexUses.add(new IndexUse(input.name(), rows(table)));
        }
    }

    /** The inputs in the order of the program. */
    public List<Op.Input> inputs() {
        return List.copyOf(inputs.values());
    }

    /**
     * Binds the symbols to the sizes of these tensors.
     *
     * @throws IllegalArgumentException naming the input that is missing, not known, or of another type or shape, or
     *     whose ids leave their table
     */
    public Sizes bind(Map<String, HostTensor> tensors) {
        Sizes sizes = new Sizes(new HashMap<>());
        for (Op.Input input : inputs.values()) {
            HostTensor tensor = tensors.get(input.name());
            require(tensor != null, "input %s is missing", input.name());
            bind(input, tensor, sizes);
        }
        for (String name : tensors.keySet()) {
            require(inputs.containsKey(name), "there is no input %s", name);
        }
        for (int i = 0; i < concats.size(); i++) {
            Dim sum = rows(sums.get(i));
            if (!sum.isFixed()) {
                long rows = sizes.of(rows(concats.get(i).a()))
                        + sizes.of(rows(concats.get(i).b()));
                sizes.symbols.put(sum.symbol(), rows);
            }
        }
        for (IndexUse use : indexUses) {
            checkIndices(use.input(), tensors.get(use.input()), sizes.of(use.limit()));
        }
        return sizes;
    }

    /**
     * Checks that a step has as many rows as the program's KV attention gets.
     *
     * @throws IllegalArgumentException if not
     */
    public void checkRows(int rows, Sizes sizes) {
        for (Dim kv : kvRows) {
            require(sizes.of(kv) == rows, "the step has %s rows, KV attention gets %s", rows, sizes.of(kv));
        }
    }

    private void bind(Op.Input input, HostTensor tensor, Sizes sizes) {
        String name = input.name();
        long[] shape = tensor.shape();
        require(tensor.dtype() == input.dtype(), "input %s is %s, not %s", name, tensor.dtype(), input.dtype());
        boolean fits = shape.length == input.shape().size();
        for (int i = 0; fits && i < shape.length; i++) {
            fits = bind(input.shape().get(i), shape[i], sizes);
        }
        require(fits, "input %s has shape %s, expected %s with %s", name, Arrays.toString(shape), input.shape(), sizes);
    }

    private static boolean bind(Dim dim, long size, Sizes sizes) {
        if (dim.isFixed()) {
            return size == dim.factor();
        }
        Long known = sizes.symbols.putIfAbsent(dim.symbol(), size / dim.factor());
        return size % dim.factor() == 0 && (known == null || known * dim.factor() == size);
    }

    private void checkIndices(String input, HostTensor indices, long limit) {
        MemorySegment bytes = indices.bytes();
        for (long i = 0; i < indices.size(); i++) {
            int index = bytes.getAtIndex(HostTensor.INT, i);
            require(index >= 0 && index < limit, "input %s: index %s at %s, limit %s", input, index, i, limit);
        }
    }

    private static Dim rows(Value value) {
        return value.shape().getFirst();
    }

    private void require(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException("program " + program + ": " + message.formatted(values));
        }
    }

    /** The sizes that one run gives the symbols of its program. */
    public static final class Sizes {

        private final Map<String, Long> symbols;

        private Sizes(Map<String, Long> symbols) {
            this.symbols = symbols;
        }

        /**
         * The size of a dimension of this program.
         *
         * @throws IllegalArgumentException if no input binds its symbol
         */
        public long of(Dim dim) {
            if (dim.isFixed()) {
                return dim.factor();
            }
            Long size = symbols.get(dim.symbol());
            if (size == null) {
                throw new IllegalArgumentException("no input binds the size " + dim);
            }
            return Math.multiplyExact(size, dim.factor());
        }

        /** The shape of a value of this program. */
        public long[] of(List<Dim> shape) {
            return shape.stream().mapToLong(this::of).toArray();
        }

        @Override
        public String toString() {
            return symbols.toString();
        }
    }
}
