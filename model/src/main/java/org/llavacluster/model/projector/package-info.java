/** The projector from features to embeddings. Start at {@code ProjectorProgram}. */
package org.llavacluster.model.projector;
