package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import unroll.tensor.Rng;

final class EmailRepliesTest {
    private static final List<String> DAYS = List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
            "Sunday"),
            TIMES = List.of("eight", "nine", "ten", "eleven", "noon", "one", "two", "three", "four", "five"),
            PAPERS = List.of("report", "contract", "invoice", "budget", "agenda", "draft", "schedule", "manuscript"),
            NEW = List.of("Astrid", "Boris", "Elena", "Marco", "Petra", "Yusuf"),
            KNOWN = List.of("Anna", "Ben", "Clara", "David", "Emma", "Felix", "Greta", "Hugo", "Ida", "Jonas", "Karin",
                    "Lena", "Maria", "Nils",
                    "Olga",
                    "Paul", "Rosa", "Simon", "Tina", "Victor");

    private static List<EmailReplies.Exchange> all(Split<EmailReplies.Exchange> mails) {
        List<EmailReplies.Exchange> all = new ArrayList<>(mails.train());
        all.addAll(mails.validation());
        all.addAll(mails.test());
        return all;
    }

    private static String the(List<String> mail, List<String> words) {
        List<String> found = mail.stream().filter(words::contains).toList();
        assertTrue(found.size() <= 1, mail.toString());
        return found.isEmpty() ? "" : found.get(0);
    }

    /** Another reader of the mail, by a few tell-tale words, comes to the same reply. */
    @Test void theReplyIsAFunctionOfTheMail() {
        Map<String, Integer> kinds = new HashMap<>();
        for (EmailReplies.Exchange one : all(EmailReplies.split(3_000, 500, Rng.seed(1)))) {
            List<String> mail = one.mail();
            String text = String.join(" ", mail), day = the(mail, DAYS), time = the(mail, TIMES),
                    paper = the(mail, PAPERS);
            String kind = text.matches(".*(hank|great help).*")
                    ? "thanks"
                    : text.matches(".*(can not|not possible|stay at home|miss the|not be at|without me).*")
                            ? "cancelled"
                            : time.isEmpty() ? "paper" : day.startsWith("S") ? "declined" : "accepted";
            kinds.merge(kind, 1, Integer::sum);
            String reply = switch (kind) {
                case "thanks" -> "I am glad that you like the " + paper + " .";
                case "cancelled" -> "thank you for telling me . Let us find another day than " + day + " .";
                case "paper" -> "you will have the " + paper + " by " + day + " .";
                case "declined" -> day + " does not suit me . Is Monday at " + time + " possible ?";
                default -> day + " at " + time + " suits me .";
            };
            assertEquals("Dear " + mail.get(mail.size() - 1) + " , " + reply, String.join(" ", one.reply()), text);
        }
        assertEquals(5, kinds.size());
        assertTrue(kinds.values().stream().allMatch(n -> n > 200), kinds.toString());
    }

    /** A mail with what is filled in taken out again. */
    private static String wording(EmailReplies.Exchange one) {
        List<String> words = new ArrayList<>(one.mail());
        words.replaceAll(w -> DAYS.contains(w)
                ? "DAY"
                : TIMES.contains(w)
                        ? "TIME"
                        : PAPERS.contains(w) ? "PAPER" : KNOWN.contains(w) || NEW.contains(w) ? "NAME" : w);
        return String.join(" ", words);
    }

    @Test void theTestHasWordingsThatTrainingNeverHas() {
        Split<EmailReplies.Exchange> mails = EmailReplies.split(40_000, 2_000, Rng.seed(3));
        Set<String> train = new HashSet<>(), test = new HashSet<>(), trainWords = new HashSet<>(),
                testWords = new HashSet<>();
        for (EmailReplies.Exchange one : mails.train()) {
            train.add(wording(one));
            trainWords.addAll(one.mail());
            trainWords.addAll(one.reply());
        }
        for (EmailReplies.Exchange one : mails.test()) {
            test.add(wording(one));
            testWords.addAll(one.mail());
            testWords.addAll(one.reply());
        }
        assertTrue(train.size() > 5_000 && train.size() <= 8064, "wordings: " + train.size());
        assertTrue(test.size() > 500, "wordings: " + test.size());
        for (String one : test) assertFalse(train.contains(one), one);
        for (EmailReplies.Exchange one : mails.validation()) assertFalse(test.contains(wording(one)), wording(one));
        assertTrue(trainWords.containsAll(testWords));
    }

    @Test void partsShareNoMail() {
        Split<EmailReplies.Exchange> mails = EmailReplies.split(3_000, 400, Rng.seed(1));
        Set<List<String>> seen = new HashSet<>();
        for (EmailReplies.Exchange one : all(mails)) assertTrue(seen.add(one.mail()), one.toString());
        assertEquals(3_800, seen.size());
        assertEquals(mails, EmailReplies.split(3_000, 400, Rng.seed(1)));
        assertFalse(mails.equals(EmailReplies.split(3_000, 400, Rng.seed(2))));
    }

    @Test void newSendersAreOnlyNamedByOthersInTraining() {
        Set<String> named = new HashSet<>(), senders = new HashSet<>();
        for (EmailReplies.Exchange one : EmailReplies.split(5_000, 0, Rng.seed(1)).train()) {
            named.addAll(one.mail());
            senders.add(one.mail().get(one.mail().size() - 1));
        }
        assertEquals(new HashSet<>(KNOWN), senders);
        assertTrue(named.containsAll(NEW));
        Set<String> fresh = new HashSet<>();
        for (EmailReplies.Exchange one : EmailReplies.newSenders(300, Rng.seed(1))) {
            fresh.add(one.reply().get(1));
            assertEquals(one.reply().get(1), one.mail().get(one.mail().size() - 1));
            assertEquals(one.mail().indexOf(one.reply().get(1)), one.mail().size() - 1, "nobody writes of himself");
        }
        assertEquals(new HashSet<>(NEW), fresh);
    }

    @Test void mistakesAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> EmailReplies.split(0, 5, Rng.seed(1)));
        assertThrows(IllegalArgumentException.class, () -> EmailReplies.split(5, -1, Rng.seed(1)));
        assertThrows(IllegalArgumentException.class, () -> EmailReplies.split(1_000, 100_000, Rng.seed(1)));
        assertThrows(IllegalArgumentException.class, () -> EmailReplies.newSenders(0, Rng.seed(1)));
    }
}
