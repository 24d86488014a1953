package org.llavacluster.gateway.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.gateway.admission.ByteBudget;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * Against a TLS server on loopback whose certificate is for {@code images.example}, with the test's own resolver.
 *
 * <p>Holds the limit {@code FixedLimits.FETCH_TIME}.
 */
class ImageFetcherTest {

    private static final String HOST = "images.example";
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final int MAX_BYTES = 1000;
    private static final byte[] IMAGE = new byte[900];
    private static final List<String> SEEN = Collections.synchronizedList(new ArrayList<>());
    private static final CountDownLatch STOP = new CountDownLatch(1);

    @TempDir
    private static Path folder;

    private static HttpsServer server;
    private static Path keys;

    private final ByteBudget budget = new ByteBudget(10_000, 10_000);
    private final List<String> resolved = new ArrayList<>();

    @BeforeAll
    static void serve() throws Exception {
        Arrays.fill(IMAGE, (byte) 7);
        keys = folder.resolve("keys.p12");
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        new String(PASSWORD),
                        "-dname",
                        "CN=" + HOST,
                        "-ext",
                        "san=dns:" + HOST)
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context()));
        server.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", ImageFetcherTest::answer);
        server.start();
    }

    private static SSLContext context() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void answer(HttpExchange exchange) throws IOException {
        SEEN.add(exchange.getRequestHeaders().getFirst("Host") + " " + exchange.getRequestURI());
        switch (exchange.getRequestURI().getPath()) {
            case "/image.png" -> {
                exchange.sendResponseHeaders(200, IMAGE.length);
                exchange.getResponseBody().write(IMAGE);
            }
            case "/large" -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(new byte[MAX_BYTES + 1]);
            }
            case "/moved" -> {
                exchange.getResponseHeaders().add("Location", "https://" + HOST + "/image.png");
                exchange.sendResponseHeaders(302, -1);
            }
            case "/slow" -> {
                exchange.sendResponseHeaders(200, 500);
                exchange.getResponseBody().write(1);
                exchange.getResponseBody().flush();
                await();
            }
            default -> exchange.sendResponseHeaders(404, -1);
        }
        exchange.close();
    }

    private static void await() {
        try {
            STOP.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterAll
    static void stop() {
        STOP.countDown();
        server.stop(0);
    }

    @AfterEach
    void everyByteIsGivenBack() {
        assertThat(budget.held()).isZero();
    }

    private static int port() {
        return server.getAddress().getPort();
    }

    private ImageFetcher fetcher(String... addresses) {
        return fetcher(Duration.ofSeconds(30), addresses);
    }

    /** Loopback addresses stand for public ones. */
    private ImageFetcher fetcher(Duration maxTime, String... addresses) {
        return new ImageFetcher(
                new ImageHosts(Set.of(HOST + ":" + port(), "other.example:" + port())),
                MAX_BYTES,
                budget,
                host -> resolve(host, addresses),
                address -> address.isLoopbackAddress() || PublicAddresses.contain(address),
                maxTime,
                new HttpClientOptions()
                        .setTrustOptions(
                                new PfxOptions().setPath(keys.toString()).setPassword(new String(PASSWORD))));
    }

    private List<InetAddress> resolve(String host, String... addresses) throws UnknownHostException {
        resolved.add(host);
        if (addresses.length == 0) {
            throw new UnknownHostException(host);
        }
        List<InetAddress> found = new ArrayList<>();
        for (String address : addresses) {
            found.add(InetAddress.getByName(address));
        }
        return found;
    }

    private static String url(String path) {
        return "https://" + HOST + ":" + port() + path;
    }

    private static Failure refused(ImageFetcher fetcher, String url) {
        try (fetcher) {
            FailureException e = catchThrowableOfType(FailureException.class, () -> fetcher.fetch("url", url));
            assertThat(e).as(url).isNotNull();
            return e.failure();
        }
    }

    private static void assertRefused(ImageFetcher fetcher, String url, String message) {
        Failure failure = refused(fetcher, url);
        assertThat(failure).isInstanceOf(Failure.Invalid.class);
        assertThat(failure.message()).startsWith("url ").contains(message).doesNotContain("127.0.0.1", HOST);
    }

    @Test
    void shouldFetchFromTheAddressThatWasResolvedOnceUnderTheHostsName() {
        SEEN.clear();
        try (ImageFetcher fetcher = fetcher("127.0.0.1")) {
            assertThat(fetcher.fetch("url", url("/image.png?a=b%20c#part"))).isEqualTo(ByteString.copyFrom(IMAGE));
        }
        assertThat(resolved).containsExactly(HOST);
        assertThat(SEEN).containsExactly(HOST + ":" + port() + " /image.png?a=b%20c");
    }

    @Test
    void shouldTryTheNextAddressWhereOneTakesNoConnection() {
        try (ImageFetcher fetcher = fetcher("127.0.0.9", "127.0.0.1")) {
            assertThat(fetcher.fetch("url", url("/image.png")).size()).isEqualTo(IMAGE.length);
        }
        assertThat(resolved).containsExactly(HOST);
    }

    @Test
    void shouldConnectToNoAddressThatIsNotPublic() {
        SEEN.clear();
        assertRefused(fetcher("10.0.0.1", "169.254.169.254", "fd00::1"), url("/image.png"), "has no public address");
        assertRefused(fetcher(), url("/image.png"), "its host has no address");
        assertThat(SEEN).isEmpty();
    }

    @Test
    void shouldRefuseHostsThatAreNotAllowedWithoutResolvingThem() {
        assertRefused(fetcher("127.0.0.1"), "https://elsewhere.example/a.png", "host from which images may be fetched");
        assertRefused(fetcher("127.0.0.1"), "https://" + HOST + "/a.png", "host from which images may be fetched");
        assertRefused(fetcher("127.0.0.1"), "https://user@" + HOST + ":" + port() + "/", "without a user");
        assertRefused(fetcher("127.0.0.1"), "https://a b/", "must be a URL");
        assertThat(resolved).isEmpty();
    }

    @Test
    void shouldRequireTheHostsOwnCertificate() {
        assertRefused(
                fetcher("127.0.0.1"), "https://other.example:" + port() + "/image.png", "its host cannot be reached");
    }

    @Test
    void shouldFollowNoRedirect() {
        SEEN.clear();
        assertRefused(fetcher("127.0.0.1"), url("/moved"), "answered 302, and redirects are not followed");
        assertThat(SEEN).hasSize(1);
    }

    @Test
    void shouldBoundBytesAndTime() {
        assertRefused(fetcher("127.0.0.1"), url("/large"), "it is larger than the limit of 1000 bytes");
        assertRefused(fetcher(Duration.ofMillis(1500), "127.0.0.1"), url("/slow"), "it did not come within 1500 ms");
        assertRefused(fetcher("127.0.0.1"), url("/none"), "its host answered 404");
    }

    @Test
    void shouldShedWhatThereIsNoMemoryFor() {
        try (ByteBudget.Reservation others = budget.open("others")) {
            others.grow(9500);
            assertThat(refused(fetcher("127.0.0.1"), url("/image.png"))).isInstanceOf(Failure.Overloaded.class);
        }
    }
}
