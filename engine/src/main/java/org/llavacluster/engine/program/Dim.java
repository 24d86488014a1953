package org.llavacluster.engine.program;

/**
 * The size of one dimension: a number, or a number times a symbol that each run binds anew ({@code 577 x tiles}).
 *
 * @param symbol empty for a plain number
 */
public record Dim(long factor, String symbol) {

    public Dim {
        if (factor < 1) {
            throw new IllegalArgumentException("a dimension must be at least 1, not " + factor);
        }
    }

    public static Dim of(long size) {
        return new Dim(size, "");
    }

    public static Dim of(String symbol) {
        return new Dim(1, symbol);
    }

    public boolean isFixed() {
        return symbol.isEmpty();
    }

    public Dim times(long by) {
        return new Dim(Math.multiplyExact(factor, by), symbol);
    }

    /** This size divided by a number that it is a multiple of whatever the symbol is. */
    public Dim dividedBy(long by) {
        if (factor % by != 0) {
            throw new IllegalArgumentException(this + " is not a multiple of " + by);
        }
        return new Dim(factor / by, symbol);
    }

    @Override
    public String toString() {
        if (isFixed()) {
            return Long.toString(factor);
        }
        return factor == 1 ? symbol : factor + " x " + symbol;
    }
}
