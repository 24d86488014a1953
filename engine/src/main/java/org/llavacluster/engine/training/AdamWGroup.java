package org.llavacluster.engine.training;

/**
 * How a weight moves in one update.
 *
 * @param rate learning rate
 * @param decay part of the weight that decays per unit of learning rate
 */
public record AdamWGroup(double rate, double decay) {}
