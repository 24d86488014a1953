package org.llavacluster.engine.simd.threads;

/** Work that is cut into pieces which may be done in any order and by any thread. */
@FunctionalInterface
public interface Work {

    /**
     * Does one piece.
     *
     * @param scratch memory of the thread that does it
     */
    void piece(int index, Scratch scratch);
}
