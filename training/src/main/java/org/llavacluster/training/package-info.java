/**
 * How a LLaVA comes to be and is judged. Start at {@code data} for conversations as token ids and labels, {@code
 * optimiser} for rates and groups, {@code delta} for delta weights, and {@code evaluation} for figures.
 */
package org.llavacluster.training;
