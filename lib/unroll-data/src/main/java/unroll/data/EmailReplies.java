package unroll.data;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import unroll.tensor.Rng;

/**
 * Short mails with the one reply that is right, by templates: a small task of sequence to sequence in which names,
 * days, times and papers are copied. For the chapter on attention, whose notebook 10 has dates and sentence pairs so
 * far.
 *
 * <pre>{@code
 * // test: wordings that training never has
 * Split<EmailReplies.Exchange> mails = EmailReplies.split(8_000, 500, Rng.seed(1));
 * // Hello , Are you free on Tuesday at ten ? Best wishes , Anna = Dear Anna , Tuesday at ten suits me .
 * mails.train().get(0);
 * EmailReplies.newSenders(500, Rng.seed(2));                        // from people who never wrote in training
 * }</pre>
 *
 * The reply is a function of the mail: somebody asks for a meeting (on a weekday it suits, at the weekend Monday is
 * proposed), asks for a paper, gives thanks for one, or cannot come. The name that the reply needs is the last word of
 * the mail; another person may be named before. A mail is a greeting, a pleasantry, the matter and a close, each in
 * several wordings: 8,064 in all, a fifth of which is kept from training and validation.
 */
public final class EmailReplies {
    /** A mail and its reply, each as words and punctuation. */
    public record Exchange(List<String> mail, List<String> reply) {
        public Exchange {
            mail = List.copyOf(mail);
            reply = List.copyOf(reply);
        }

        @Override public String toString() { return String.join(" ", mail) + " = " + String.join(" ", reply); }
    }

    private static final int NEVER_IN_TRAINING = 5, MOST = 200_000;
    private static final List<String> MATTERS = List.of("meeting", "request", "thanks", "absence");

    private final Grammar grammar = Grammar.named("email-replies");
    private final List<String> people = Stream.of("sender", "new-sender").flatMap(s -> grammar.words(s).stream())
            .toList();
    private final Set<List<String>> known = new HashSet<>();
    private final Rng rng;

    private EmailReplies(Rng rng) { this.rng = rng; }

    /**
     * So many different mails to train on, and so many for each of validation and test. Those to validate are of the
     * same wordings; no mail of the test has a wording that training has, though every greeting, pleasantry, matter and
     * close is in training, in other company.
     */
    public static Split<Exchange> split(int train, int held, Rng rng) {
        if (train < 1 || held < 0 || train + 2L * held > MOST)
            throw new IllegalArgumentException("EmailReplies: expected at least 1 mail to train on and at most " + MOST
                    + " together but got " + train + " and twice " + held);
        EmailReplies mails = new EmailReplies(rng);
        List<Exchange> seen = mails.draw(train + held, false, "<sender>"), test = mails.draw(held, true, "<sender>");
        return new Split<>(seen.subList(0, train), seen.subList(train, seen.size()), test);
    }

    /**
     * {@code n} different mails of the wordings of training, from six people who never wrote there, though others named
     * them.
     */
    public static List<Exchange> newSenders(int n, Rng rng) {
        if (n < 1 || n > MOST)
            throw new IllegalArgumentException("EmailReplies: expected 1 to " + MOST + " mails but got " + n);
        return new EmailReplies(rng).draw(n, false, "<new-sender>");
    }

    private List<Exchange> draw(int n, boolean heldWording, String senders) {
        return Grammar.distinct(n, known, Exchange::mail, () -> exchange(heldWording, senders));
    }

    /** Of the wordings a fifth is held back, spread such that any three parts of a mail occur together in the rest. */
    private Exchange exchange(boolean heldWording, String senders) {
        List<List<String>> parts;
        int matter, sum;
        do {
            int greeting = any("greeting"), pleasantry = any("pleasantry"), wording = any("meeting"),
                    close = any("close");
            matter = rng.nextInt(MATTERS.size());
            sum = greeting + pleasantry + wording + close + matter;
            parts = List.of(part("greeting", greeting), part("pleasantry", pleasantry),
                    part(MATTERS.get(matter), wording), part("close", close));
        } while ((sum % NEVER_IN_TRAINING == 0) != heldWording);
        String sender = grammar.word(senders, rng), other;
        do {
            other = Grammar.one(people, rng);
        } while (other.equals(sender));
        int weekend = rng.nextInt(3) == 0 ? 1 : 0;
        Map<String, String> words = Map.of("SENDER", sender, "OTHER", other, "DAY",
                grammar.word(weekend == 1 ? "<weekend>" : "<week>", rng), "TIME", grammar.word("<time>", rng), "PAPER",
                grammar.word("<paper>", rng));
        return new Exchange(Grammar.filled(parts.stream().flatMap(List::stream).toList(), words),
                Grammar.filled(part(MATTERS.get(matter) + "-reply", weekend), words));
    }

    /** The number of a wording; all matters have equally many. */
    private int any(String rule) {
        return rng.nextInt(grammar.alternatives(rule).size());
    }

    private List<String> part(String rule, int wording) { return grammar.alternatives(rule).get(wording); }
}
