package unroll.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * Downloads over HTTPS, with a limit on size and time. Redirects are followed by hand, because each address must be
 * HTTPS again.
 */
final class HttpsFetcher implements Catalogue.Fetcher {
    private static final int MAX_REDIRECTS = 5;

    private final Predicate<URI> allowed;
    private final Duration connect, answer, whole;

    /** 5 s for the connection, 10 s until the answer begins, 10 minutes for the whole file. */
    HttpsFetcher() {
        this(a -> "https".equalsIgnoreCase(a.getScheme()), Duration.ofSeconds(5), Duration.ofSeconds(10),
                Duration.ofMinutes(10));
    }

    /** With another rule for addresses: the tests' server speaks HTTP. */
    HttpsFetcher(Predicate<URI> allowed, Duration connect, Duration answer, Duration whole) {
        this.allowed = allowed;
        this.connect = connect;
        this.answer = answer;
        this.whole = whole;
    }

    @Override public void fetch(URI address, long limit, Path target) {
        HttpClient client = HttpClient.newBuilder().connectTimeout(connect).followRedirects(HttpClient.Redirect.NEVER)
                .build();
        URI at = address;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            if (!allowed.test(at)) throw new DatasetException(Reason.NOT_HTTPS, at + " is not an HTTPS address");
            HttpRequest request = HttpRequest.newBuilder(at).header("User-Agent", "unroll").build();
            // the request's own timeout waits for DNS
            HttpResponse<InputStream> response = await(client.sendAsync(request, BodyHandlers.ofInputStream()), at,
                    answer, " did not answer within ");
            try (InputStream body = response.body()) {
                if (response.statusCode() == 200) {
                    URI from = at;
                    await(CompletableFuture.runAsync(() -> save(body, from, limit, target)), at, whole,
                            " did not deliver all within ");
                    return;
                }
            } catch (IOException e) {
                throw unreachable("the transfer from " + at + " broke off at its end", e);
            }
            String location = response.headers().firstValue("Location").orElse("");
            if (response.statusCode() / 100 != 3 || location.isEmpty())
                throw unreachable(at + " answered with status " + response.statusCode(), null);
            try {
                at = at.resolve(location);
            } catch (IllegalArgumentException e) {
                throw unreachable(at + " redirects to something that is no address", e);
            }
        }
        throw unreachable(address + " was redirected more than " + MAX_REDIRECTS + " times", null);
    }

    private static <T> T await(CompletableFuture<T> work, URI at, Duration most, String late) {
        try {
            return work.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DatasetException refused) throw refused;
            throw unreachable(at + " cannot be reached (" + words(e.getCause()) + ")", e.getCause());
        } catch (TimeoutException e) {
            work.cancel(true);
            throw unreachable(at + late + most.toMillis() / 1000.0 + " s", e);
        } catch (InterruptedException e) {
            work.cancel(true);
            Thread.currentThread().interrupt();
            throw new DatasetException(Reason.INTERRUPTED, "the download of " + at + " was interrupted", e);
        }
    }

    /** The body of an answer on its way to a file, which is no link; ends at the first byte above the limit. */
    static void save(InputStream body, URI address, long limit, Path target) {
        byte[] buffer = new byte[1 << 16];
        long written = 0;
        try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING,
                LinkOption.NOFOLLOW_LINKS)) {
            for (int n = read(body, buffer, address, written); n >= 0; n = read(body, buffer, address, written)) {
                written += n;
                if (written > limit)
                    throw new DatasetException(Reason.TOO_LARGE,
                            address + " delivers more than the " + limit + " bytes that the catalogue states");
                for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n); bytes.hasRemaining();) file.write(bytes);
            }
            file.force(true);
        } catch (IOException e) {
            throw new DatasetException(Reason.UNWRITABLE, target + " cannot be written (" + e + ")", e);
        }
    }

    private static int read(InputStream body, byte[] buffer, URI address, long written) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw unreachable("the transfer from " + address + " broke off after " + written + " bytes", e);
        }
    }

    private static DatasetException unreachable(String what, Throwable cause) {
        return new DatasetException(Reason.UNREACHABLE, what, cause);
    }

    /** The JDK's connection errors often have no message of their own. */
    private static String words(Throwable e) {
        StringBuilder words = new StringBuilder(e.getClass().getSimpleName());
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t.getMessage() != null && t instanceof IOException)
                return words.append(": ").append(t.getMessage()).toString();
            if (t != e && t.getCause() == null) words.append(": ").append(t.getClass().getSimpleName());
        }
        return words.toString();
    }
}
