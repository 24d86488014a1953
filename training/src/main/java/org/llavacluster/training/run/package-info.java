/**
 * Training itself: batches as the inputs of a program, and updates over them. Start at {@code TrainingRun}.
 */
package org.llavacluster.training.run;
