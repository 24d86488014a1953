package org.llavacluster.engine;

import java.util.Map;

/**
 * Programs over one set of weights. Runs of a model with a KV cache must come one after the other; models without one
 * may be run by several threads.
 */
public interface LoadedModel extends AutoCloseable {

    /**
     * Runs a program without a KV view.
     *
     * @param inputs exactly the program's, by name, from any backend or the heap; closed by the caller. Shapes must fit
     *     the program's, symbols consistently, ids and indices the table they index
     * @throws IllegalArgumentException naming the input that does not fit; nothing has run then
     */
    Outputs run(String program, Map<String, HostTensor> inputs);

    /**
     * Runs a program with KV attention: writes K and V of the step's rows, then attends.
     *
     * @throws IllegalArgumentException also if the step does not fit the KV layout or the program's rows; nothing has
     *     been written then
     */
    Outputs run(String program, Map<String, HostTensor> inputs, KvStep step);

    /** Bytes that crossed between host memory and the backend since loading. */
    Traffic traffic();

    @Override
    void close();

    /** Bytes fed into and fetched out of the backend. */
    record Traffic(long fedBytes, long fetchedBytes) {}

    /** The results of one run; closing frees them all. */
    interface Outputs extends AutoCloseable {

        /**
         * The output of that name, without a copy; valid until this is closed, read-only.
         *
         * @throws IllegalArgumentException if the program declares none of that name
         */
        HostTensor get(String name);

        @Override
        void close();
    }
}
