package unroll.data;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/** The body of an answer on its way to a file; ends the transfer at the first byte above the limit. */
final class LimitedFile implements BodySubscriber<Void> {
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
            stop(new DatasetException(Reason.UNWRITABLE, target + " cannot be written (" + e + ")", e));
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
            stop(new DatasetException(Reason.UNWRITABLE, target + " cannot be written (" + e + ")", e));
        }
    }

    @Override public void onError(Throwable e) {
        stop(new DatasetException(Reason.UNREACHABLE,
                "the transfer from " + address + " broke off after " + written + " bytes", e));
    }

    @Override public void onComplete() {
        try {
            channel.force(true);
            channel.close();
            done.complete(null);
        } catch (IOException e) {
            done.completeExceptionally(
                    new DatasetException(Reason.UNWRITABLE, target + " cannot be written (" + e + ")", e));
        }
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
