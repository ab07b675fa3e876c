package unroll.data;
import unroll.data.Dataset.DataFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

final class CatalogueTest {
    private static final String TEXT = "to be or not to be";
    private static final DataFile FILE = new DataFile("b.txt", URI.create("https://example.org/b.txt"),
            Catalogue.sha256(TEXT.getBytes()), TEXT.length(),
            Optional.empty(), Optional.empty());
    static final Dataset SET = new Dataset("letters", "Some letters", "folder", "text", "CC0", "README", "none",
            Optional.of("Corpora.builtIn()"),
            List.of(FILE));

    @TempDir Path root;
    private int fetched;

    /** A network on which every address holds this text. */
    private Catalogue.Fetcher network(String text) {
        return (address, limit, target) -> {
            fetched++;
            write(target, text);
        };
    }

    private final Catalogue.Fetcher noNetwork = (address, limit, target) -> {
        fetched++;
        throw new DatasetException(Reason.UNREACHABLE, address + " cannot be reached (no network in this test)");
    };

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path mirror() { return root.resolve("mirror"); }

    private Path cache() { return root.resolve("cache"); }

    private Catalogue catalogue(Catalogue.Fetcher fetcher, boolean offline) {
        return new Catalogue(List.of(SET), new Locations(Optional.of(mirror()), cache(), offline), fetcher);
    }

    private DatasetException failure(Catalogue.Fetcher fetcher) {
        return assertThrows(DatasetException.class, () -> catalogue(fetcher, false).file("letters", "b.txt"));
    }

    @Test void theMirrorComesFirst() {
        write(mirror().resolve("folder/b.txt"), TEXT);
        write(cache().resolve("folder/b.txt"), TEXT);
        assertEquals(mirror().resolve("folder/b.txt"), catalogue(noNetwork, false).file("letters", "b.txt"));
    }

    @Test void theCacheComesSecond() {
        write(cache().resolve("folder/b.txt"), TEXT);
        assertEquals(cache().resolve("folder/b.txt"), catalogue(noNetwork, false).file("letters", "b.txt"));
        assertEquals(0, fetched);
    }

    @Test void aDownloadIsKept() throws IOException {
        Catalogue catalogue = catalogue(network(TEXT), false);
        assertEquals(TEXT, Files.readString(catalogue.file("letters", "b.txt")));
        assertEquals(TEXT, Files.readString(catalogue.file("letters", "b.txt")));
        assertEquals(1, fetched);
        assertFalse(Files.exists(mirror()));
    }

    @Test void aWrongDownloadIsNotKept() throws IOException {
        assertEquals(Reason.WRONG_CHECKSUM, failure(network("to be or not to me")).reason());
        try (Stream<Path> left = Files.list(cache().resolve("folder"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test void aDownloadThatIsTooShortOrTooLongIsNamed() {
        assertEquals(Reason.TRUNCATED, failure(network("to be")).reason());
        assertEquals(Reason.TOO_LARGE, failure(network(TEXT + "!")).reason());
    }

    @Test void aWrongFileInTheMirrorIsAnErrorThatNamesBothChecksums() {
        write(mirror().resolve("folder/b.txt"), "to be or not to me");
        DatasetException e = failure(network(TEXT));
        assertEquals(Reason.WRONG_CHECKSUM, e.reason());
        assertTrue(e.getMessage().contains(FILE.sha256()), e.getMessage());
        assertTrue(e.getMessage().contains(Catalogue.sha256("to be or not to me".getBytes())), e.getMessage());
        assertTrue(e.getMessage().contains(mirror().resolve("folder/b.txt").toString()), e.getMessage());
        assertEquals(0, fetched);
    }

    @Test void aDamagedCopyInTheCacheIsFetchedAgain() throws IOException {
        write(cache().resolve("folder/b.txt"), "to be");
        assertEquals(TEXT, Files.readString(catalogue(network(TEXT), false).file("letters", "b.txt")));
        write(cache().resolve("folder/b.txt"), "to be");
        assertTrue(failure(noNetwork).getMessage().contains("the copy in the cache is damaged"));
    }

    @Test void whatIsOutOfReachIsSaidWithAddressReasonAndAlternative() {
        DatasetException e = failure(noNetwork);
        assertEquals(Reason.UNREACHABLE, e.reason());
        for (String part : List.of("letters", "b.txt", "https://example.org/b.txt", "UNREACHABLE",
                "no network in this test",
                "it is not at " + mirror(),
                "UNROLL_DATASETS", "folder/b.txt", "Corpora.builtIn()"))
            assertTrue(e.getMessage().contains(part), part + " is missing in: " + e.getMessage());
    }

    @Test void offlineTheNetworkIsNotAsked() {
        assertEquals(Reason.OFFLINE,
                assertThrows(DatasetException.class, () -> catalogue(network(TEXT), true).file("letters", "b.txt"))
                        .reason());
        assertEquals(0, fetched);
    }

    /** A file where the folder should be: no user may write below it. */
    @Test void aCacheThatCannotBeWrittenIsNamedBeforeTheDownload() {
        write(cache(), "not a folder");
        DatasetException e = failure(network(TEXT));
        assertEquals(Reason.UNWRITABLE, e.reason());
        assertTrue(e.getMessage().contains(cache().resolve("folder").toString()), e.getMessage());
        assertEquals(0, fetched);
    }

    @Test void aFolderWhereTheFileShouldBeIsAnError() throws IOException {
        Files.createDirectories(mirror().resolve("folder/b.txt"));
        assertTrue(
                List.of(Reason.UNREADABLE, Reason.TOO_LARGE, Reason.TRUNCATED).contains(failure(noNetwork).reason()));
    }

    @Test void unknownNamesAreAnsweredWithTheKnownOnes() {
        DatasetException e = assertThrows(DatasetException.class,
                () -> catalogue(noNetwork, false).file("letter", "b.txt"));
        assertEquals(Reason.UNKNOWN_NAME, e.reason());
        assertTrue(e.getMessage().endsWith("it has letters"), e.getMessage());
        e = assertThrows(DatasetException.class, () -> catalogue(noNetwork, false).file("letters", "../b.txt"));
        assertEquals(Reason.UNKNOWN_FILE, e.reason());
    }

    @Test void theBytesAreTheOnesThatWereChecked() throws IOException {
        write(cache().resolve("folder/b.txt"), TEXT);
        assertEquals(TEXT, new String(catalogue(noNetwork, false).bytes("letters", "b.txt"), StandardCharsets.UTF_8));
        write(cache().resolve("folder/b.txt"), TEXT.toUpperCase());
        assertEquals(TEXT,
                new String(catalogue(network(TEXT), false).bytes("letters", "b.txt"), StandardCharsets.UTF_8));
    }

    /** Another process exchanges the file as often as it can: what is read is the stated text, or nothing. */
    @Test void aFileThatIsExchangedIsNeverRead() throws InterruptedException {
        Path file = mirror().resolve("folder/b.txt");
        write(file, TEXT);
        AtomicBoolean over = new AtomicBoolean();
        Thread attack = new Thread(() -> {
            while (!over.get()) {
                write(file, TEXT.toUpperCase());
                write(file, TEXT);
            }
        });
        attack.start();
        try {
            for (int i = 0; i < 3000; i++) {
                try {
                    assertEquals(TEXT,
                            new String(catalogue(noNetwork, true).bytes("letters", "b.txt"), StandardCharsets.UTF_8));
                } catch (DatasetException e) {
                    assertTrue(List.of(Reason.WRONG_CHECKSUM, Reason.TRUNCATED).contains(e.reason()), e.getMessage());
                }
            }
        } finally {
            over.set(true);
            attack.join();
        }
    }

    @Test void aFolderThatDoesNotExistIsSaidToBeMissing() {
        Catalogue offline = catalogue(noNetwork, true);
        DatasetException e = assertThrows(DatasetException.class, () -> offline.bytes("letters", "b.txt"));
        String why = offline.orStandIn("letters", set -> offline.text("letters", "b.txt"), reason -> reason);
        for (String said : List.of(e.getMessage(), why))
            assertTrue(
                    said.contains("the folder " + mirror() + ", which UNROLL_DATASETS names, does not exist")
                            && said.contains("UNROLL_OFFLINE"),
                    said);
        write(mirror().resolve("other"), TEXT);
        e = assertThrows(DatasetException.class, () -> catalogue(noNetwork, true).bytes("letters", "b.txt"));
        assertTrue(!e.getMessage().contains("does not exist"), e.getMessage());
    }

    @Test void aDownloadDoesNotFollowALink() throws IOException {
        Path victim = root.resolve("victim");
        write(victim, "mine");
        Path link = root.resolve("link");
        try {
            Files.createSymbolicLink(link, victim);
        } catch (IOException | UnsupportedOperationException e) {
            Assumptions.abort("no links here: " + e);                              // Windows allows them to few
        }
        HttpResponse.BodySubscriber<Void> body = new HttpsFetcher.LimitedFile(link, 100,
                URI.create("https://example.org/b.txt"));
        body.onSubscribe(new Flow.Subscription() {
            @Override public void request(long n) {
                body.onNext(List.of(ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.UTF_8))));
            }

            @Override public void cancel() {}
        });
        assertTrue(body.getBody().toCompletableFuture().isCompletedExceptionally());
        assertEquals("mine", Files.readString(victim));
    }
}
