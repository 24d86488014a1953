/**
 * Delta weights: a trained LLaVA as its difference from the LLaMA it grew from, as the first LLaVAs were published.
 * Start at {@code DeltaWeights}.
 */
package org.llavacluster.training.delta;
