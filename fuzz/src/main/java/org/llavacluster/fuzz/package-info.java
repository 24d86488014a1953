/**
 * Fuzzing of the entrances through which strangers' bytes come. {@link org.llavacluster.fuzz.FuzzRun} draws inputs
 * from a seed until its time is over; {@link org.llavacluster.fuzz.ByteMutator} and its like change valid inputs at
 * random.
 */
package org.llavacluster.fuzz;
