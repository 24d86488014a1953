package org.llavacluster.engine.simd.threads;

/** Work cut into pieces that any thread may do in any order. */
@FunctionalInterface
public interface Work {

    /**
     * Does one piece.
     *
     * @param scratch memory of the thread that does it
     */
    void piece(int index, Scratch scratch);
}
