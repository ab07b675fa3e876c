package unroll.data;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Path;
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
final class HttpsFetcher implements Fetcher {
    private static final int MAX_REDIRECTS = 5;

    private final Predicate<URI> allowed;
    private final Duration connect;
    private final Duration answer;
    private final Duration whole;

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
            HttpResponse<Void> response = get(client, at, limit, target);
            if (response.statusCode() == 200) return;
            String location = response.headers().firstValue("Location").orElse("");
            if (response.statusCode() / 100 != 3 || location.isEmpty())
                throw new DatasetException(Reason.UNREACHABLE, at + " answered with status " + response.statusCode());
            at = resolve(at, location);
        }
        throw new DatasetException(Reason.UNREACHABLE,
                address + " was redirected more than " + MAX_REDIRECTS + " times");
    }

    private static URI resolve(URI at, String location) {
        try {
            return at.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new DatasetException(Reason.UNREACHABLE, at + " redirects to something that is no address", e);
        }
    }

    private HttpResponse<Void> get(HttpClient client, URI at, long limit, Path target) {
        HttpRequest request = HttpRequest.newBuilder(at).header("User-Agent", "unroll").build();
        CompletableFuture<Void> answered = new CompletableFuture<>();
        CompletableFuture<HttpResponse<Void>> response = client.sendAsync(request, head -> {
            answered.complete(null);
            return head.statusCode() == 200 ? new LimitedFile(target, limit, at) : BodySubscribers.replacing(null);
        });
        try {
            // the request's own timeout waits for DNS
            CompletableFuture.anyOf(answered, response).get(answer.toMillis(), TimeUnit.MILLISECONDS);
            return response.get(whole.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DatasetException refused) throw refused;
            throw new DatasetException(Reason.UNREACHABLE, at + " cannot be reached (" + words(e.getCause()) + ")",
                    e.getCause());
        } catch (TimeoutException e) {
            response.cancel(true);
            throw new DatasetException(Reason.UNREACHABLE,
                    at + (answered.isDone()
                            ? " did not deliver all within " + whole.toMillis() / 1000.0
                            : " did not answer within " + answer.toMillis() / 1000.0) + " s",
                    e);
        } catch (InterruptedException e) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            throw new DatasetException(Reason.INTERRUPTED, "the download of " + at + " was interrupted", e);
        }
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
