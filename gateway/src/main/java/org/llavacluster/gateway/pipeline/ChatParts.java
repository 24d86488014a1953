package org.llavacluster.gateway.pipeline;

import com.google.protobuf.ByteString;
import org.llavacluster.gateway.admission.PixelBudget;
import org.llavacluster.gateway.placement.Placement;
import org.llavacluster.text.config.ModelConfig;
import org.llavacluster.text.tokenizer.Tokenizer;

/**
 * What all requests of this gateway share.
 *
 * @param pixels of images being encoded
 * @param prefixSalt salt of the tenant
 */
public record ChatParts(
        ModelConfig model,
        Tokenizer tokenizer,
        Placement placement,
        EncodeFlights flights,
        PixelBudget pixels,
        DecoderConnections decoders,
        Resumes resumes,
        ByteString prefixSalt,
        GatewayMetrics metrics) {}
