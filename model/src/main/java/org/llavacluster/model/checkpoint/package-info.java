/**
 * Checkpoints in safetensors: reading and writing the files, the names of their tensors, checks of completeness, and
 * fingerprints. Start at {@code Checkpoint} to load a model, at {@code StoredTensors} and {@code SafetensorsShard} to
 * read and write files as they are.
 */
package org.llavacluster.model.checkpoint;
