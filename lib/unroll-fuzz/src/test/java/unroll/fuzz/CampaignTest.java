package unroll.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

/** A reader with one fault planted: the campaign finds it. */
class CampaignTest {
    /** A number in a line of its own, named where it is none. */
    private static final class NamedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private NamedException(String message) { super(message); }
    }

    private static volatile Object kept;

    private interface Fault {
        void on(int number) throws Exception;
    }

    private static Campaign campaign(Fault fault) {
        return Campaign.of("planted", "number.txt").seed("12\n", "345\n").mutate(Texts.mutations())
                .names(List.of(NamedException.class))
                .reads(file -> {
                    String text = Texts.text(Files.readAllBytes(file));
                    if (text == null || !text.matches("[0-9]{1,9}\r?\n"))
                        throw new NamedException("number.txt holds no number");
                    int number = Integer.parseInt(text.strip());
                    if (number % 10 == 3) fault.on(number);
                    return number;
                });
    }

    private static Set<String> kinds(Fault fault) { return campaign(fault).kinds(500); }

    private static void found(String kind, Fault fault) {
        Set<String> kinds = kinds(fault);
        assertTrue(kinds.stream().anyMatch(k -> k.startsWith(kind)), kind + " is not among " + kinds);
    }

    @Test void nothingIsFoundWhereNothingIsWrong() {
        assertEquals(Set.of(), campaign(n -> {
        }).expects(bytes -> {
            String text = Texts.text(bytes);
            return text == null || !text.matches("[0-9]{1,9}\r?\n")
                    ? Outcome.refusal()
                    : Outcome.content(Integer.valueOf(text.strip()));
        }).sameAfter("CR LF instead of LF", Texts::carriageReturns).kinds(500));
    }

    @Test void unnamedExceptionsAndErrors() {
        found("unnamed java.lang.IllegalStateException", n -> {
            throw new IllegalStateException("number.txt");
        });
        found("unnamed java.lang.StackOverflowError", CampaignTest::endlessly);
        found("unnamed java.lang.OutOfMemoryError", n -> kept = new long[Integer.MAX_VALUE - 9]);
    }

    private static void endlessly(int n) { endlessly(n + 1); }

    @Test void messagesThatAreLongOrHoldControlCharactersOrNotTheFile() {
        found("long message", n -> {
            throw new NamedException("number.txt " + "x".repeat(3_000));
        });
        found("control character", n -> {
            throw new NamedException("number.txt \u001b[31m");
        });
        found("message without the file", n -> {
            throw new NamedException("no number");
        });
        found("empty message", n -> {
            throw new NamedException(null);
        });
    }

    @Test void muchMemory() {
        found("memory", n -> {
            for (int i = 0; i < 100; i++) kept = new byte[1 << 20];
        });
    }

    @Test void whatIsPrinted() {
        found("stderr", n -> System.err.print(n));
    }

    @Test void anEndlessLoop() {
        Set<String> kinds = campaign(n -> {
            while (!Thread.currentThread().isInterrupted()) kept = n;
        }).processorSeconds(1).kinds(500);
        assertTrue(kinds.contains("hang"), kinds.toString());
    }

    @Test void wrongContentAndLines() {
        assertTrue(campaign(n -> {
        }).expects(bytes -> "12\n".equals(Texts.text(bytes)) || "345\n".equals(Texts.text(bytes))
                ? Outcome.OPEN
                : Outcome.refusal()).kinds(500)
                .contains("wrong content"));
        assertTrue(Outcome.refusal(3).meets(Outcome.refusal()) && !Outcome.refusal(3).meets(Outcome.refusal(4))
                && !Outcome.content(1).meets(Outcome.content(2)));
    }

    @Test void aChangeThatShouldChangeNothing() {
        assertTrue(campaign(n -> {
        }).sameAfter("a digit more", input -> Bytes.replaced(input, 0, 0, new byte[] {'1'})).kinds(500)
                .contains("not the same after: a digit more"));
    }

    @Test void soundInputsMustBeRead() {
        assertTrue(campaign(n -> {
        }).seed("none\n").kinds(1).contains("sound input refused"));
    }
}
