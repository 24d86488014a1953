package org.llavacluster.gateway.fetch;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.llavacluster.gateway.admission.ByteBudget;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * Fetches images by URL, over https and from allowed hosts only. A host's name is resolved once and the connection goes
 * to an address of that answer, so that a later change of the name has no effect. The certificate must be the host's.
 * Redirects are not followed. The image is bounded in bytes and time, and the caller checks it like any other image.
 */
public final class ImageFetcher implements AutoCloseable {

    /** For one whole image. */
    private static final Duration MAX_TIME = FixedLimits.FETCH_TIME.duration();

    /** All fetched images together count as one client in the memory budget. */
    private static final String PEER = "fetched images";

    private static final int CONNECT_MILLIS = 3000;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int OK = 200;

    private final ImageHosts hosts;
    private final long maxBytes;
    private final ByteBudget budget;
    private final HostAddresses addresses;
    private final Predicate<InetAddress> reachable;
    private final Duration maxTime;
    private final HttpClientOptions options;

    /** Null until the first image is fetched. */
    private Vertx vertx;

    private HttpClient client;

    ImageFetcher(
            ImageHosts hosts,
            long maxBytes,
            ByteBudget budget,
            HostAddresses addresses,
            Predicate<InetAddress> reachable,
            Duration maxTime,
            HttpClientOptions trust) {
        this.hosts = hosts;
        this.maxBytes = maxBytes;
        this.budget = budget;
        this.addresses = addresses;
        this.reachable = reachable;
        this.maxTime = maxTime;
        this.options = new HttpClientOptions(trust)
                .setSsl(true)
                .setVerifyHost(true)
                .setKeepAlive(false)
                .setConnectTimeout(CONNECT_MILLIS)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setDecompressionSupported(false);
    }

    /**
     * With the resolver and the certificate authorities of this machine.
     *
     * @param maxBytes limit of one image
     * @param budget holds the bytes while they arrive
     */
    public static ImageFetcher of(ImageHosts hosts, long maxBytes, ByteBudget budget) {
        return new ImageFetcher(
                hosts,
                maxBytes,
                budget,
                host -> List.of(InetAddress.getAllByName(host)),
                PublicAddresses::contain,
                MAX_TIME,
                new HttpClientOptions());
    }

    /**
     * The content of the URL.
     *
     * @param field its place in the request, for errors
     * @throws FailureException {@link Failure.Invalid} for a URL that is forbidden or cannot be fetched, {@link
     *     Failure.Overloaded} without memory for it
     */
    public ByteString fetch(String field, String url) {
        URI uri = allowed(field, url);
        List<InetAddress> candidates = resolve(field, uri.getHost());
        CompletableFuture<Buffer> body = new CompletableFuture<>();
        try (ByteBudget.Reservation reservation = budget.open(PEER)) {
            connect(uri, candidates, 0).onComplete(connected -> {
                if (connected.failed()) {
                    body.completeExceptionally(new FetchException("its host cannot be reached"));
                } else {
                    download(connected.result(), reservation, body);
                }
            });
            return UnsafeByteOperations.unsafeWrap(
                    body.get(maxTime.toMillis(), TimeUnit.MILLISECONDS).getBytes());
        } catch (TimeoutException e) {
            throw refuse(field, "could not be fetched: it did not come within " + maxTime.toMillis() + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FailureException overloaded) {
                throw overloaded;
            }
            String why = e.getCause() instanceof FetchException known ? known.getMessage() : "the connection broke off";
            throw refuse(field, "could not be fetched: " + why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(new Failure.Cancelled("cancelled while an image was fetched"));
        } finally {
            // Ends the request if it still runs.
            body.cancel(false);
        }
    }

    private URI allowed(String field, String url) {
        if (hosts.allowed().isEmpty()) {
            throw refuse(field, "must be a data URL: images are not fetched from elsewhere");
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw refuse(field, "must be a URL");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw refuse(field, "must be a URL with a host and without a user");
        }
        if (!hosts.allow(uri.getHost(), uri.getPort())) {
            throw refuse(field, "must be a data URL, or an https URL of a host from which images may be fetched");
        }
        return uri;
    }

    private List<InetAddress> resolve(String field, String host) {
        List<InetAddress> found;
        try {
            found = addresses.of(host).stream().filter(reachable).toList();
        } catch (UnknownHostException e) {
            throw refuse(field, "could not be fetched: its host has no address");
        }
        if (found.isEmpty()) {
            throw refuse(field, "could not be fetched: its host has no public address");
        }
        return found;
    }

    /** Connects to the first of the addresses that accepts. */
    private io.vertx.core.Future<HttpClientRequest> connect(URI uri, List<InetAddress> candidates, int index) {
        int port = uri.getPort() < 0 ? 443 : uri.getPort();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var connected = client().request(new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(
                        port, candidates.get(index).getHostAddress()))
                .setHost(uri.getHost())
                .setPort(port)
                .setSsl(true)
                .setFollowRedirects(false)
                .setTimeout(maxTime.toMillis())
                .putHeader(HttpHeaders.ACCEPT, "image/*")
                .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery()));
        return index + 1 == candidates.size()
                ? connected
                : connected.recover(failed -> connect(uri, candidates, index + 1));
    }

    /** Runs on the connection's event loop. */
    private void download(
            HttpClientRequest request, ByteBudget.Reservation reservation, CompletableFuture<Buffer> body) {
        body.whenComplete((whole, failure) -> {
            if (failure != null) {
                request.reset();
            }
        });
        Buffer received = Buffer.buffer();
        request.send().onFailure(body::completeExceptionally).onSuccess(response -> {
            if (response.statusCode() != OK) {
                body.completeExceptionally(new FetchException("its host answered " + response.statusCode()
                        + (response.statusCode() / 100 == 3 ? ", and redirects are not followed" : "")));
                return;
            }
            response.exceptionHandler(body::completeExceptionally);
            response.handler(piece -> {
                if (!body.isDone()) {
                    take(received, piece, reservation, body);
                }
            });
            response.endHandler(end -> body.complete(received));
        });
    }

    private void take(
            Buffer received, Buffer piece, ByteBudget.Reservation reservation, CompletableFuture<Buffer> body) {
        if (received.length() + (long) piece.length() > maxBytes) {
            body.completeExceptionally(new FetchException("it is larger than the limit of " + maxBytes + " bytes"));
            return;
        }
        try {
            reservation.grow(piece.length());
            received.appendBuffer(piece);
        } catch (FailureException | IllegalStateException e) {
            body.completeExceptionally(e);
        }
    }

    private static FailureException refuse(String field, String what) {
        return new FailureException(new Failure.Invalid(field, field + " " + what));
    }

    private synchronized HttpClient client() {
        if (client == null) {
            vertx = Vertx.vertx();
            client = vertx.createHttpClient(options);
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (vertx != null) {
            client.close();
            vertx.close();
        }
    }

    /** Why an image could not be fetched, for the caller. */
    private static final class FetchException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        FetchException(String message) {
            super(message);
        }
    }
}
