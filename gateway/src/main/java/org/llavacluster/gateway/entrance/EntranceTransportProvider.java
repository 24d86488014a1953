package org.llavacluster.gateway.entrance;

import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.spi.VertxServiceProvider;

/** Found by Vert.x when it starts. */
public final class EntranceTransportProvider implements VertxServiceProvider {

    @Override
    public void init(VertxBuilder builder) {
        builder.findTransport(new EntranceTransport());
    }
}
