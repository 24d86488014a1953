package org.llavacluster.gateway.pipeline;

import com.google.protobuf.ByteString;
import org.llavacluster.gateway.placement.Placement;
import org.llavacluster.text.config.ModelConfig;
import org.llavacluster.text.tokenizer.Tokenizer;

/**
 * What all requests of this gateway share.
 *
 * @param prefixSalt salt of the tenant
 */
public record ChatParts(
        ModelConfig model,
        Tokenizer tokenizer,
        Placement placement,
        EncodeFlights flights,
        DecoderConnections decoders,
        Resumes resumes,
        ByteString prefixSalt,
        GatewayMetrics metrics) {}
