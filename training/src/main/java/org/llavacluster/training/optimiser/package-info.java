/**
 * What decides the size of an update: the learning rate, the groups of weights, and the clipping of gradients. Start at
 * {@code CosineSchedule}.
 */
package org.llavacluster.training.optimiser;
