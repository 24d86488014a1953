package org.llavacluster.node.transport;

import io.grpc.Codec;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * Inflates gzip only when the message is read. gRPC's own decompressor reads the head of the data as it arrives, so
 * data that is not gzip would end the call with UNKNOWN instead of as an unreadable message.
 */
public final class LazyGzip implements Decompressor {

    private LazyGzip() {}

    /** Compression accepted from clients: gzip, or none. */
    public static DecompressorRegistry registry() {
        return DecompressorRegistry.emptyInstance()
                .with(Codec.Identity.NONE, false)
                .with(new LazyGzip(), true);
    }

    @Override
    public String getMessageEncoding() {
        return "gzip";
    }

    @Override
    public InputStream decompress(InputStream compressed) {
        return new Decompressing(compressed);
    }

    private static final class Decompressing extends InputStream {

        private final InputStream compressed;
        private InputStream content;

        private Decompressing(InputStream compressed) {
            this.compressed = compressed;
        }

        private InputStream content() throws IOException {
            if (content == null) {
                content = new GZIPInputStream(compressed, 8 << 10);
            }
            return content;
        }

        @Override
        public int read() throws IOException {
            return content().read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return content().read(buffer, offset, length);
        }

        @Override
        public void close() throws IOException {
            try (InputStream raw = compressed) {
                if (content != null) {
                    content.close();
                }
            }
        }
    }
}
