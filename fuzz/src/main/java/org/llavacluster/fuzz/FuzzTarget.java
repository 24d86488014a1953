package org.llavacluster.fuzz;

/** What takes the inputs of one entrance. */
@FunctionalInterface
public interface FuzzTarget {

    /**
     * Takes one input. It returns where the input was accepted, or refused as the entrance's documentation says.
     *
     * @throws Exception or any error where the entrance broke its promise
     */
    void take(byte[] input) throws Exception;
}
