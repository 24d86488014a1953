/**
 * The contract of backends that train: a program with a loss, weights that learn, and steps of AdamW. Start at {@code
 * TrainingBackend}.
 */
package org.llavacluster.engine.training;
