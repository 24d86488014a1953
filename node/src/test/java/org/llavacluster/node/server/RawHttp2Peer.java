package org.llavacluster.node.server;

import io.grpc.Status;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A peer that sends any frames, valid HTTP/2 or not. By itself it only answers pings, to stay connected. */
final class RawHttp2Peer implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    /** Longer than a busy machine takes for any status. */
    private static final long LIMIT_SECONDS = 60;

    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;

    private final Socket socket;
    private final OutputStream out;
    private final Map<Integer, CompletableFuture<Status.Code>> statuses = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> greeted = new CompletableFuture<>();
    private int nextStream = 1;

    private RawHttp2Peer(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        Thread.ofVirtual().start(this::read);
    }

    /** A connection that has sent the client's preface and settings. */
    static RawHttp2Peer connect(int port) {
        RawHttp2Peer peer = silent(InetAddress.getLoopbackAddress(), port);
        peer.preface();
        return peer;
    }

    /** A connection that has sent nothing, from that loopback address. */
    static RawHttp2Peer silent(InetAddress from, int port) {
        try {
            return new RawHttp2Peer(new Socket(InetAddress.getLoopbackAddress(), port, from, 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void preface() {
        write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    /** Opens a gRPC call without sending a message. */
    int open(String path, String... further) {
        int stream = nextStream;
        nextStream += 2;
        frame(HEADERS, END_HEADERS, stream, headers(path, further));
        return stream;
    }

    static byte[] headers(String path, String... further) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        literal(block, ":method", "POST");
        literal(block, ":scheme", "http");
        literal(block, ":path", path);
        literal(block, ":authority", "test");
        literal(block, "content-type", "application/grpc");
        literal(block, "te", "trailers");
        for (int i = 0; i < further.length; i += 2) {
            literal(block, further[i], further[i + 1]);
        }
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        block.write(name.length());
        block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        block.write(value.length());
        block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends the only message of a call, and its end. */
    void message(int stream, boolean compressed, byte[] body) {
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        framed.write(compressed ? 1 : 0);
        framed.write(body.length >>> 24);
        framed.write(body.length >>> 16);
        framed.write(body.length >>> 8);
        framed.write(body.length);
        framed.writeBytes(body);
        frame(DATA, END_STREAM, stream, framed.toByteArray());
    }

    void frame(int type, int flags, int stream, int... payload) {
        byte[] bytes = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            bytes[i] = (byte) payload[i];
        }
        frame(type, flags, stream, bytes);
    }

    void frame(int type, int flags, int stream, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(payload.length >>> 16);
        frame.write(payload.length >>> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame.write(stream >>> shift);
        }
        frame.writeBytes(payload);
        write(frame.toByteArray());
    }

    private synchronized void write(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            ended.complete(null);
            throw new UncheckedIOException(e);
        }
    }

    /** The call's status. */
    Status.Code status(int stream) {
        return statusOf(stream).orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Waits until so many of the calls have a status. */
    void awaitStatuses(List<Integer> streams, int calls) {
        CountDownLatch left = new CountDownLatch(calls);
        streams.forEach(stream -> statusOf(stream).whenComplete((_, _) -> left.countDown()));
        try {
            if (!left.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(left.getCount() + " of " + calls + " calls have no status");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    CompletableFuture<Status.Code> statusOf(int stream) {
        return statuses.computeIfAbsent(stream, _ -> new CompletableFuture<>());
    }

    /** Completes when the server has sent something. */
    CompletableFuture<Void> greeted() {
        return greeted;
    }

    /** Completes when the server has closed the connection. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    private void read() {
        DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
        try (DataInputStream in = new DataInputStream(socket.getInputStream())) {
            while (true) {
                int lengthAndType = in.readInt();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = in.readNBytes(lengthAndType >>> 8);
                greeted.complete(null);
                switch (lengthAndType & 0xff) {
                    case HEADERS -> {
                        Http2Headers headers = decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(payload));
                        if ((flags & END_STREAM) != 0) {
                            int code =
                                    Integer.parseInt(headers.get("grpc-status").toString());
                            statusOf(stream).complete(Status.fromCodeValue(code).getCode());
                        }
                    }
                    case PING -> {
                        if ((flags & ACK) == 0) {
                            frame(PING, ACK, 0, payload);
                        }
                    }
                    case RST_STREAM -> statusOf(stream).complete(Status.Code.CANCELLED);
                    default -> {}
                }
            }
        } catch (IOException | UncheckedIOException | Http2Exception e) {
            statuses.values().forEach(status -> status.completeExceptionally(e));
            greeted.completeExceptionally(e);
            ended.complete(null);
        }
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
