/**
 * The byte-pair tokenizers of LLaVA checkpoints, read from {@code tokenizer.json} or {@code tokenizer.model}. They are
 * the project's own, so that the gateway needs no native code; tests compare them with Hugging Face's implementation.
 * Start at {@code Tokenizer}.
 */
package org.llavacluster.modelio.tokenizer;
