/**
 * Checkpoints in safetensors: reading the files, the names of their tensors, checks of completeness, and fingerprints.
 * Start at {@code Checkpoint}.
 */
package org.llavacluster.model.checkpoint;
