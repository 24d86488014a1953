/**
 * From an image's features to its embeddings: checking the request, pulling the features, and the thread that projects
 * them. Start at {@code EmbeddingMaker}.
 */
package org.llavacluster.projector.embed;
