/**
 * The beginning of a model that is trained from nothing: its tokenizer and its first weights. Start at {@code
 * FreshModel}.
 */
package org.llavacluster.training.foundation;
