/**
 * From the ids of an answer to its text while they arrive, and the stop strings that end it. Start at {@code
 * Detokenizer}.
 */
package org.llavacluster.modelio.answer;
