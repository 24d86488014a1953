package org.llavacluster.node.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of loopback where nothing listens until the test starts a server there. A bound socket that does not listen
 * keeps the port: the system assigns it to no other socket and refuses connections to it.
 */
final class ReservedPort implements AutoCloseable {

    private final Socket socket = new Socket();

    ReservedPort() {
        try {
            // Both sides need this for a server to listen on the port.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int number() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
