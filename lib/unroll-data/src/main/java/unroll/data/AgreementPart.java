package unroll.data;

import java.util.List;

/**
 * To which part of the {@link AgreementProbe} the words between noun and verb belong: a function of these words alone,
 * so that parts never overlap.
 */
public enum AgreementPart {
    TRAIN, VALIDATION, TEST;

    /** Half of all word strings are for training, a quarter each for validation and test. */
    static AgreementPart of(List<String> between) {
        int mixed = String.join(" ", between).hashCode() * 0x9E3779B9;
        return switch (mixed >>> 30) {
            case 0 -> VALIDATION;
            case 1 -> TEST;
            default -> TRAIN;
        };
    }
}
