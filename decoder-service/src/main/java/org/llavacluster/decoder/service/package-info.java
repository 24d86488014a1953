/** Assembles a decoder node from its configuration. Start at {@code DecoderApplication}. */
package org.llavacluster.decoder.service;
