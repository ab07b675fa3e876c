package unroll.tensor;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Whether layers may call oneDNN, and what a thread must do before it does. */
public final class OneDnn {
    private static final ThreadLocal<Boolean> ALONE = ThreadLocal.withInitial(() -> {
        // ND4J finds its native operations only once it is set up
        Nd4j.getBackend();
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
        return true;
    });

    private OneDnn() {
    }

    /** Whether matrices are multiplied by oneDNN: what speaks against it there speaks against it for every layer. */
    public static boolean isUsed() {
        return Blas.description().startsWith("oneDNN");
    }

    /**
     * Makes oneDNN's work on the calling thread stay there: a team of its own would spin, and its sums would depend on
     * the number of threads.
     */
    public static void stayOnThisThread() {
        ALONE.get();
    }
}
