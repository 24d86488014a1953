/**
 * Which decoder answers a request first: its work, its rate, and what its prefix cache should hold of the prompt.
 * Start at {@link DecoderChoice}.
 */
package org.llavacluster.scheduling.decoder;
