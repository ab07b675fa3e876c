package unroll.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/** One way to change an input; where it does not apply, the input comes back as it was. */
@FunctionalInterface
public interface Mutation {
    /** @param seeds the sound inputs of the campaign, to take parts from */
    byte[] apply(byte[] input, SplittableRandom random, List<byte[]> seeds);
}
