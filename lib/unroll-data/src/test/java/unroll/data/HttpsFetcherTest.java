package unroll.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

final class HttpsFetcherTest {
    private static final byte[] CONTENT = "All that glitters is not gold".getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder;
    private HttpServer server;
    private Path target;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();

    @BeforeEach void start() throws IOException {
        target = Files.createFile(folder.resolve("target"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            answer(exchange);
            exchange.close();
        });
        server.start();
    }

    @AfterEach void stop() {
        stopped.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/file")) {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
        } else if (path.equals("/chunks")) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(CONTENT);
        } else if (path.equals("/endless")) {
            exchange.sendResponseHeaders(200, 0);
            try {
                for (int i = 0; i < 10_000; i++) exchange.getResponseBody().write(new byte[10_000]);
            } catch (IOException e) {
                // the reader hung up, as it should
                return;
            }
        } else if (path.equals("/stalled")) {
            exchange.sendResponseHeaders(200, CONTENT.length + 1);
            exchange.getResponseBody().write(CONTENT);
            exchange.getResponseBody().flush();
            try {
                stopped.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else if (path.equals("/broken")) {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(CONTENT);
            exchange.getResponseBody().flush();
        } else if (path.startsWith("/redirect/")) {
            exchange.getResponseHeaders().set("Location", path.substring("/redirect/".length() - 1));
            exchange.sendResponseHeaders(302, -1);
        } else if (path.equals("/loop")) {
            exchange.getResponseHeaders().set("Location", "/loop");
            exchange.sendResponseHeaders(301, -1);
        } else if (path.equals("/away")) {
            exchange.getResponseHeaders().set("Location", "http://other.invalid/file");
            exchange.sendResponseHeaders(307, -1);
        } else {
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private URI at(String path) { return URI.create("http://localhost:" + server.getAddress().getPort() + path); }

    /** The real one, but this test's server, which speaks HTTP, is allowed too. */
    private HttpsFetcher fetcher() {
        return waiting(Duration.ofSeconds(30), Duration.ofSeconds(30));
    }

    private HttpsFetcher waiting(Duration answer, Duration whole) {
        return new HttpsFetcher(a -> "https".equals(a.getScheme()) || "localhost".equals(a.getHost()),
                Duration.ofSeconds(5), answer, whole);
    }

    private DatasetException failure(String path, long limit) {
        return assertThrows(DatasetException.class, () -> fetcher().fetch(at(path), limit, target));
    }

    @Test void aFileArrivesAsItIs() throws IOException {
        fetcher().fetch(at("/file"), CONTENT.length, target);
        assertArrayEquals(CONTENT, Files.readAllBytes(target));
    }

    @Test void redirectsAreFollowed() throws IOException {
        fetcher().fetch(at("/redirect/redirect/chunks"), 1000, target);
        assertArrayEquals(CONTENT, Files.readAllBytes(target));
    }

    @Test void anAddressThatIsNotHttpsIsNeverAsked() {
        DatasetException e = assertThrows(DatasetException.class,
                () -> new HttpsFetcher().fetch(at("/file"), 1000, target));
        assertEquals(Reason.NOT_HTTPS, e.reason());
        assertTrue(e.getMessage().contains(at("/file").toString()), e.getMessage());
        assertEquals(0, requests.get());
    }

    @Test void aRedirectToPlainHttpIsRefused() {
        DatasetException e = failure("/away", 1000);
        assertEquals(Reason.NOT_HTTPS, e.reason());
        assertTrue(e.getMessage().contains("http://other.invalid/file"), e.getMessage());
    }

    @Test void aCircleOfRedirectsEnds() {
        assertEquals(Reason.UNREACHABLE, failure("/loop", 1000).reason());
        assertEquals(6, requests.get());
    }

    @Test void moreThanTheLimitIsNotReceived() throws IOException {
        assertEquals(Reason.TOO_LARGE, failure("/endless", 20_000).reason());
        assertTrue(Files.size(target) <= 20_000);
    }

    @Test void aMissingFileIsAStatus() {
        assertTrue(failure("/nothing", 1000).getMessage().endsWith("answered with status 404"));
    }

    @Test void aBrokenTransferIsUnreachable() { assertEquals(Reason.UNREACHABLE, failure("/broken", 1000).reason()); }

    @Test void noServerIsUnreachable() {
        server.stop(0);
        DatasetException e = failure("/file", 1000);
        assertEquals(Reason.UNREACHABLE, e.reason());
        assertTrue(e.getMessage().contains("ConnectException"), e.getMessage());
    }

    /** It takes the connection (the system does that for it) and never says a word. */
    @Test void aSilentServerIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI address = URI.create("http://localhost:" + silent.getLocalPort() + "/file");
            DatasetException e = assertThrows(DatasetException.class,
                    () -> waiting(Duration.ofMillis(200), Duration.ofSeconds(30)).fetch(address, 1000, target));
            assertEquals(Reason.UNREACHABLE, e.reason());
            assertEquals(address + " did not answer within 0.2 s", e.getMessage());
        }
    }

    @Test void aServerThatNeverEndsIsGivenUp() {
        DatasetException e = assertThrows(DatasetException.class,
                () -> waiting(Duration.ofSeconds(30), Duration.ofMillis(500)).fetch(at("/stalled"), 1000, target));
        assertEquals(Reason.UNREACHABLE, e.reason());
        assertTrue(e.getMessage().contains("/stalled did not deliver all within 0.5 s"), e.getMessage());
    }

    @Test void anInterruptEndsTheWait() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI address = URI.create("http://localhost:" + silent.getLocalPort() + "/file");
            Thread.currentThread().interrupt();
            DatasetException e = assertThrows(DatasetException.class, () -> fetcher().fetch(address, 1000, target));
            assertEquals(Reason.INTERRUPTED, e.reason());
            assertTrue(Thread.interrupted());
        }
    }

    @Test void aTargetThatIsNoFileIsUnwritable() {
        assertEquals(Reason.UNWRITABLE,
                assertThrows(DatasetException.class,
                        () -> fetcher().fetch(at("/file"), 1000, folder.resolve("missing/target"))).reason());
    }
}
