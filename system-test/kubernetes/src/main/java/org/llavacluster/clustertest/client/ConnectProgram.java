package org.llavacluster.clustertest.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Prints for each of its arguments {@code NAME=HOST:PORT} a line with the name and whether a connection opens. */
public final class ConnectProgram {

    private static final int PATIENCE_MILLIS = 4_000;

    private ConnectProgram() {}

    public static void main(String[] targets) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> lines = List.of(targets).stream()
                    .map(target -> threads.submit(() -> line(target)))
                    .toList();
            for (Future<String> line : lines) {
                System.out.println(line.get());
            }
        }
        System.out.println("END");
    }

    private static String line(String target) {
        String name = target.substring(0, target.indexOf('='));
        int colon = target.lastIndexOf(':');
        String host = target.substring(name.length() + 1, colon);
        int port = Integer.parseInt(target.substring(colon + 1));
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            return name + " open";
        } catch (IOException e) {
            return name + " closed: " + e.getMessage();
        }
    }
}
