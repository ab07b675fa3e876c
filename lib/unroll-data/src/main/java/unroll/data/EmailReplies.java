package unroll.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import unroll.tensor.Rng;

/**
 * Short mails with the one reply that is right, by templates: a small task of sequence to sequence in which names,
 * days, times and papers are copied.
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

    /** What a mail is about, in so many wordings. */
    private record Matter(List<List<String>> wordings, List<String> reply, List<String> atTheWeekend) {
    }

    private static final int NEVER_IN_TRAINING = 5, MOST = 200_000;
    private static final List<String> SENDERS = list(
            "Anna Ben Clara David Emma Felix Greta Hugo Ida Jonas Karin Lena Maria Nils Olga Paul Rosa Simon Tina "
                    + "Victor"),
            NEW_SENDERS = list("Astrid Boris Elena Marco Petra Yusuf"),
            WEEK = list("Monday Tuesday Wednesday Thursday Friday"), WEEKEND = list("Saturday Sunday"),
            TIMES = list("eight nine ten eleven noon one two three four five"),
            PAPERS = list("report contract invoice budget agenda draft schedule manuscript");
    private static final List<List<String>> GREETINGS = lines("", "Hello ,", "Hi ,", "Dear colleague ,",
            "Good morning ,", "Good afternoon ,"),
            PLEASANTRIES = lines("", "I hope you are well .", "How was your journey ?",
                    "It was nice to see you last week .", "OTHER sends greetings .", "This is urgent .",
                    "I just spoke to OTHER ."),
            CLOSES = lines("Best wishes , SENDER", "Kind regards , SENDER", "Yours , SENDER",
                    "Many greetings from SENDER", "See you soon , SENDER", "SENDER");
    private static final List<Matter> MATTERS = List.of(
            new Matter(lines("Could we meet on DAY at TIME ?", "Would DAY at TIME suit you for a meeting ?",
                    "Are you free on DAY at TIME ?", "I would like to talk to you and OTHER on DAY at TIME .",
                    "OTHER and I would like to see you on DAY at TIME .",
                    "Can you come to a meeting with OTHER at TIME on DAY ?", "Do you have time for us at TIME on DAY ?",
                    "We should talk about the PAPER ; is DAY at TIME possible ?"),
                    list("Dear SENDER , DAY at TIME suits me ."),
                    list("Dear SENDER , DAY does not suit me . Is Monday at TIME possible ?")),
            new Matter(
                    lines("Could you send me the PAPER by DAY ?", "I need the PAPER by DAY .",
                            "Can I have the PAPER by DAY ?", "OTHER and I need the PAPER ; can we have it by DAY ?",
                            "Would you please mail the PAPER to me by DAY ?",
                            "OTHER asked me for the PAPER . May I have it by DAY ?",
                            "By DAY I have to read the PAPER . Can you send it ?",
                            "Please let me have the PAPER by DAY at the latest ."),
                    list("Dear SENDER , you will have the PAPER by DAY ."),
                    list("Dear SENDER , you will have the PAPER by DAY .")),
            new Matter(lines("Thank you for the PAPER .", "Thank you very much for the PAPER that came on DAY .",
                    "Many thanks for the PAPER .", "OTHER and I thank you for the PAPER .",
                    "The PAPER was a great help , thank you .", "I read the PAPER on DAY . Thank you !",
                    "Thanks to you we have the PAPER in time .", "We got the PAPER from OTHER . Thank you for it !"),
                    list("Dear SENDER , I am glad that you like the PAPER ."),
                    list("Dear SENDER , I am glad that you like the PAPER .")),
            new Matter(lines("I am sorry , but I can not come on DAY .", "OTHER and I can not come on DAY at TIME .",
                    "I am ill and have to stay at home on DAY .", "Sorry , DAY at TIME is not possible any more .",
                    "Something came up ; I will miss the meeting on DAY .",
                    "I will not be at the meeting with OTHER on DAY .", "Please start without me on DAY at TIME .",
                    "On DAY I have to be elsewhere , so we can not meet ."),
                    list("Dear SENDER , thank you for telling me . Let us find another day than DAY ."),
                    list("Dear SENDER , thank you for telling me . Let us find another day than DAY .")));

    private EmailReplies() {
    }

    private static List<String> list(String words) { return words.isEmpty() ? List.of() : List.of(words.split(" ")); }

    private static List<List<String>> lines(String... lines) {
        List<List<String>> all = new ArrayList<>();
        for (String line : lines) all.add(list(line));
        return List.copyOf(all);
    }

    /**
     * So many different mails to train on, and so many for each of validation and test. Those to validate are of the
     * same wordings; no mail of the test has a wording that training has, though every greeting, pleasantry, matter and
     * close is in training, in other company.
     */
    public static Split<Exchange> split(int train, int held, Rng rng) {
        if (train < 1 || held < 0 || train + 2L * held > MOST)
            throw new IllegalArgumentException("EmailReplies: expected at least 1 mail to train on and at most " + MOST
                    + " together but got " + train + " and twice " + held);
        Set<List<String>> known = new HashSet<>();
        List<Exchange> seen = draw(train + held, false, SENDERS, known, rng),
                test = draw(held, true, SENDERS, known, rng);
        return new Split<>(seen.subList(0, train), seen.subList(train, seen.size()), test);
    }

    /**
     * {@code n} different mails of the wordings of training, from six people who never wrote there, though others named
     * them.
     */
    public static List<Exchange> newSenders(int n, Rng rng) {
        if (n < 1 || n > MOST)
            throw new IllegalArgumentException("EmailReplies: expected 1 to " + MOST + " mails but got " + n);
        return draw(n, false, NEW_SENDERS, new HashSet<>(), rng);
    }

    private static List<Exchange> draw(int n, boolean heldWording, List<String> senders, Set<List<String>> known,
            Rng rng) {
        List<Exchange> all = new ArrayList<>();
        while (all.size() < n) {
            int[] wording = {rng.nextInt(GREETINGS.size()), rng.nextInt(PLEASANTRIES.size()), rng.nextInt(8),
                    rng.nextInt(CLOSES.size())};
            int matter = rng.nextInt(MATTERS.size());
            if (held(matter, wording) != heldWording) continue;
            Exchange one = exchange(MATTERS.get(matter), wording, one(senders, rng), rng);
            if (known.add(one.mail)) all.add(one);
        }
        return all;
    }

    /** A fifth of the wordings, spread such that any three parts of a mail occur together in the rest. */
    private static boolean held(int matter, int[] w) {
        return (w[0] + w[1] + w[2] + w[3] + matter) % NEVER_IN_TRAINING == 0;
    }

    private static Exchange exchange(Matter matter, int[] wording, String sender, Rng rng) {
        String other;
        do {
            int person = rng.nextInt(SENDERS.size() + NEW_SENDERS.size());
            other = person < SENDERS.size() ? SENDERS.get(person) : NEW_SENDERS.get(person - SENDERS.size());
        } while (other.equals(sender));
        boolean weekend = rng.nextInt(3) == 0;
        Map<String, String> words = Map.of("SENDER", sender, "OTHER", other, "DAY", one(weekend ? WEEKEND : WEEK, rng),
                "TIME", one(TIMES, rng), "PAPER", one(PAPERS, rng));
        List<String> mail = new ArrayList<>();
        for (List<String> part : List.of(GREETINGS.get(wording[0]), PLEASANTRIES.get(wording[1]),
                matter.wordings.get(wording[2]), CLOSES.get(wording[3])))
            mail.addAll(filled(part, words));
        return new Exchange(mail, filled(weekend ? matter.atTheWeekend : matter.reply, words));
    }

    private static List<String> filled(List<String> template, Map<String, String> words) {
        return template.stream().map(word -> words.getOrDefault(word, word)).toList();
    }

    private static <E> E one(List<E> list, Rng rng) { return list.get(rng.nextInt(list.size())); }
}
