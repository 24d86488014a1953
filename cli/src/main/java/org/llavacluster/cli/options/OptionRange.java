package org.llavacluster.cli.options;

import org.llavacluster.cli.CliException;

/** Bounds of numeric options. */
public final class OptionRange {

    private OptionRange() {}

    /**
     * @throws CliException naming the option, its bounds and the value if it is out of bounds
     */
    public static void requireBetween(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new CliException(option + " must be between " + least + " and " + most + ", not " + value);
        }
    }
}
