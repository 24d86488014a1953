/** Choosing tokens from logits, reproducibly. Start at {@code Sampler}. */
package org.llavacluster.model.sampling;
