package org.llavacluster.training.run;

import java.util.List;

/** A loss or gradient that is no longer a number: no weight has been changed by it. */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DivergedException(String what, double value, int update, List<String> records) {
        super("update " + update + ": the " + what + " is " + value + ", with the records "
                + String.join(", ", records));
    }
}
