package org.llavacluster.node.bench;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Measures the ceiling: the same bytes over a plain TCP connection on loopback, from native memory to native memory,
 * requested by one byte.
 */
final class SocketPath implements AutoCloseable {

    private final ServerSocketChannel listener;
    private final SocketChannel client;
    private final Thread serving;
    private final ByteBuffer ask = ByteBuffer.allocateDirect(1);

    SocketPath(byte[] bytes) throws IOException {
        ByteBuffer payload = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client = SocketChannel.open(listener.getLocalAddress());
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SocketChannel server = listener.accept();
        server.setOption(StandardSocketOptions.TCP_NODELAY, true);
        serving = Thread.ofPlatform().daemon().name("socket-bench").start(() -> serve(server, payload));
    }

    private static void serve(SocketChannel server, ByteBuffer payload) {
        ByteBuffer asked = ByteBuffer.allocateDirect(1);
        try (server) {
            while (server.read(asked.clear()) > 0) {
                ByteBuffer rest = payload.duplicate();
                while (rest.hasRemaining()) {
                    server.write(rest);
                }
            }
        } catch (ClosedChannelException e) {
            // The benchmark has ended.
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    void copy(MemorySegment destination) throws IOException {
        client.write(ask.clear());
        ByteBuffer into = destination.asByteBuffer();
        while (into.hasRemaining()) {
            if (client.read(into) < 0) {
                throw new EOFException();
            }
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        listener.close();
        try {
            serving.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
