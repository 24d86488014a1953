/**
 * LLaMA with a KV cache: its definition, the programs traced from it, and the steps that run them. Start at
 * {@code DecoderModel}; the layers are in {@code DecoderDefinition}.
 */
package org.llavacluster.model.decoder;
