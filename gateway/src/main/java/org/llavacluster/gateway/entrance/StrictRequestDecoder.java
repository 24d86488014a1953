package org.llavacluster.gateway.entrance;

import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/** Vert.x's decoder without the leniency that lets two servers read one request differently. */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {

    StrictRequestDecoder(HttpServerOptions options) {
        super(options);
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        String version = initialLine[2];
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            throw new IllegalArgumentException("the version must be HTTP/1.1 or HTTP/1.0");
        }
        return super.createMessage(initialLine);
    }

    /** RFC 9112, section 6.1: such a request is answered with an error, and its connection is closed. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("content-length and transfer-encoding exclude each other");
    }
}
