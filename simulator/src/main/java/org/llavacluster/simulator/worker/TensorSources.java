package org.llavacluster.simulator.worker;

/** Finds the nodes that a decoder pulls from. */
public interface TensorSources {

    /** Null if there is none of that name. */
    SimulatedVision vision(String id);

    /** Null if there is none of that name. */
    SimulatedProjector projector(String id);
}
