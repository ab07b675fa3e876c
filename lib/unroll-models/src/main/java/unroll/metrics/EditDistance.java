package unroll.metrics;

import java.util.List;

import unroll.tensor.Interrupts;

/**
 * How many single changes make one sequence another one (Levenshtein 1966), by kind. Of several shortest ways the one
 * is counted that, seen from the end, takes a substitution before a deletion before an insertion.
 *
 * <pre>{@code
 * EditDistance.of(List.of("P", "EY", "T"), List.of("P", "AE", "T", "S"));   // 1 substitution, 1 insertion
 * }</pre>
 *
 * @param deletions  wanted symbols that are missing
 * @param insertions symbols that nobody wanted
 * @param wanted     the length of the wanted sequence
 */
public record EditDistance(int substitutions, int deletions, int insertions, int wanted) {
    /** From what was wanted to what was got; time is the product of their lengths. */
    public static EditDistance of(List<?> wanted, List<?> got) {
        // row[j]: the first i wanted symbols to the first j got ones
        EditDistance[] row = new EditDistance[got.size() + 1];
        for (int j = 0; j < row.length; j++) row[j] = new EditDistance(0, 0, j, 0);
        for (int i = 1; i <= wanted.size(); i++) {
            Interrupts.check("EditDistance", "symbol", i - 1, wanted.size());
            EditDistance diagonal = row[0];
            row[0] = new EditDistance(0, i, 0, i);
            for (int j = 1; j < row.length; j++) {
                Interrupts.check("EditDistance", j);
                EditDistance above = row[j], left = row[j - 1];
                int change = wanted.get(i - 1).equals(got.get(j - 1)) ? 0 : 1;
                if (diagonal.total() + change <= above.total() + 1 && diagonal.total() + change <= left.total() + 1)
                    row[j] = new EditDistance(diagonal.substitutions + change, diagonal.deletions, diagonal.insertions,
                            i);
                else if (above.total() <= left.total())
                    row[j] = new EditDistance(above.substitutions, above.deletions + 1, above.insertions, i);
                else
                    row[j] = new EditDistance(left.substitutions, left.deletions, left.insertions + 1, i);
                diagonal = above;
            }
        }
        return row[got.size()];
    }

    /** The number of all changes. */
    public int total() { return substitutions + deletions + insertions; }
}
