package unroll.data;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
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
            HttpResponse<Void> response = get(client, at, limit, target);
            if (response.statusCode() == 200) return;
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
            throw unreachable(at + " cannot be reached (" + words(e.getCause()) + ")", e.getCause());
        } catch (TimeoutException e) {
            response.cancel(true);
            throw unreachable(at + (answered.isDone()
                    ? " did not deliver all within " + whole.toMillis() / 1000.0
                    : " did not answer within " + answer.toMillis() / 1000.0) + " s", e);
        } catch (InterruptedException e) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            throw new DatasetException(Reason.INTERRUPTED, "the download of " + at + " was interrupted", e);
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

    /** The body of an answer on its way to a file; ends the transfer at the first byte above the limit. */
    static final class LimitedFile implements BodySubscriber<Void> {
        private final Path target;
        private final long limit;
        private final URI address;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private Flow.Subscription subscription;
        private FileChannel channel;
        private long written;

        LimitedFile(Path target, long limit, URI address) {
            this.target = target;
            this.limit = limit;
            this.address = address;
        }

        @Override public CompletionStage<Void> getBody() { return done; }

        @Override public void onSubscribe(Flow.Subscription s) {
            subscription = s;
            try {
                channel = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING,
                        LinkOption.NOFOLLOW_LINKS);
                s.request(Long.MAX_VALUE);
            } catch (IOException e) {
                stop(unwritable(e));
            }
        }

        @Override public void onNext(List<ByteBuffer> buffers) {
            if (done.isDone()) return;
            try {
                for (ByteBuffer buffer : buffers) {
                    written += buffer.remaining();
                    if (written > limit) {
                        stop(new DatasetException(Reason.TOO_LARGE,
                                address + " delivers more than the " + limit + " bytes that the catalogue states"));
                        return;
                    }
                    while (buffer.hasRemaining()) channel.write(buffer);
                }
            } catch (IOException e) {
                stop(unwritable(e));
            }
        }

        @Override public void onError(Throwable e) {
            stop(unreachable("the transfer from " + address + " broke off after " + written + " bytes", e));
        }

        @Override public void onComplete() {
            try {
                channel.force(true);
                channel.close();
                done.complete(null);
            } catch (IOException e) {
                done.completeExceptionally(unwritable(e));
            }
        }

        private DatasetException unwritable(IOException e) {
            return new DatasetException(Reason.UNWRITABLE, target + " cannot be written (" + e + ")", e);
        }

        private void stop(DatasetException why) {
            subscription.cancel();
            try {
                if (channel != null) channel.close();
            } catch (IOException e) {
                why.addSuppressed(e);
            }
            done.completeExceptionally(why);
        }
    }
}
