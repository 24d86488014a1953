/**
 * The byte-pair tokenizers that LLaVA checkpoints come with, read from {@code tokenizer.json} or {@code tokenizer.model}. Written for
 * this project so that the gateway needs no native code; the tests hold it equal to Hugging Face's own implementation.
 */
package org.llavacluster.text.tokenizer;
