/**
 * Decides which rows of which requests the decoder computes next. Pure: time and events are arguments. Start at
 * {@code Scheduler}; {@code StepPlanner} forms the batch.
 */
package org.llavacluster.decoder.scheduler;
