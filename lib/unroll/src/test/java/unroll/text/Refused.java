package unroll.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.function.Executable;

import unroll.text.DatasetException.Reason;

/** What is said of data that are refused. */
public record Refused(String getMessage) {
    /** That the work ends in a {@link DatasetException} of this reason. */
    public static Refused by(Reason reason, Executable work) {
        DatasetException e = assertThrows(DatasetException.class, work);
        assertEquals(reason, e.reason(), e.getMessage());
        return new Refused(e.getMessage());
    }

    /** The line that is named. */
    public int line() { return number(", line (\\d+): "); }

    /** The offset of a byte that is named. */
    public int offset() { return number(" at offset (\\d+) is "); }

    /** The position of a symbol that is named. */
    public int position() { return number(" at position (\\d+) is "); }

    private int number(String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(getMessage);
        assertTrue(found.find(), getMessage);
        return Integer.parseInt(found.group(1));
    }
}
