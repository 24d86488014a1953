package org.llavacluster.engine.simd.plan;

/** One or more operations of a program, computed together. A step belongs to one run at a time. */
interface PlannedStep {

    void run(ProgramRun run);
}
