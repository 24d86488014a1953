/**
 * The thread that drives the scheduler and the model, and what it keeps of each request. Start at {@code DecoderLoop}.
 */
package org.llavacluster.decoder.loop;
