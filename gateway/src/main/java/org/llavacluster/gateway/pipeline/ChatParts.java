package org.llavacluster.gateway.pipeline;

import java.util.function.Supplier;
import org.llavacluster.gateway.admission.PixelBudget;
import org.llavacluster.gateway.dispatch.Dispatcher;
import org.llavacluster.gateway.placement.Serving;
import org.llavacluster.gateway.placement.TenantKeys;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.tokenizer.Tokenizer;

/**
 * What all requests of this gateway share.
 *
 * @param serving the workers that can serve together now
 * @param pixels of images being encoded
 */
public record ChatParts(
        ModelConfig model,
        Tokenizer tokenizer,
        Supplier<Serving> serving,
        TenantKeys keys,
        PixelBudget pixels,
        Dispatcher dispatcher,
        DecoderConnections decoders,
        GatewayMetrics metrics) {

    /** Tiles of the request's images; an image that occurs twice counts once. */
    double tiles(ValidRequest request) {
        int rowsPerTile = model.vision().rowsPerTile();
        return request.images().stream()
                .map(ValidRequest.Image::stored)
                .distinct()
                .mapToInt(image -> image.tiles(rowsPerTile))
                .sum();
    }
}
