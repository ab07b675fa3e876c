package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Every refusal names the operation and the shapes or numbers that do not fit. */
class ShapeErrorsTest {
    private record Refusal(Executable call, List<String> words) {
    }

    private static Refusal of(Executable call, String... words) { return new Refusal(call, List.of(words)); }

    private static final Tensor V3 = Tensor.ones(3), M23 = Tensor.ones(2, 3), M45 = Tensor.ones(4, 5),
            T234 = Tensor.ones(2, 3, 4);

    private static final Refusal[] ALL = {of(() -> Tensor.of(new float[3], 2, 2), "3 values", "[2, 2]"),
            of(() -> Tensor.of(new double[][] {{1, 2}, {3}}), "row 1", "1", "2"),
            of(() -> Tensor.zeros(2, -1), "[2, -1]"),
            of(() -> Tensor.zeros(1 << 20, 1 << 20), "[1048576, 1048576]"), of(M23::item, "item", "[2, 3]"),
            of(() -> M23.get(1), "get", "1 indices", "[2, 3]"), of(() -> M23.get(1, 3), "get", "[1, 3]", "[2, 3]"),
            of(() -> M23.size(2), "axis 2", "[2, 3]"), of(() -> M23.add(M45), "add", "[2, 3]", "[4, 5]"),
            of(() -> M23.sub(M45), "sub", "[2, 3]", "[4, 5]"), of(() -> M23.mul(M45), "mul", "[2, 3]", "[4, 5]"),
            of(() -> M23.div(M45), "div", "[2, 3]", "[4, 5]"),
            of(() -> M45.add(V3), "add", "[4, 5]", "[3]"), of(() -> M23.sum(2), "sum", "axis 2", "[2, 3]"),
            of(() -> M23.mean(-3), "axis -3", "[2, 3]"), of(() -> M23.max(5), "max", "axis 5", "[2, 3]"),
            of(() -> Tensor.zeros(2, 0).max(1), "max", "axis 1", "[2, 0]", "empty"),
            of(() -> M23.argmax(2), "argmax", "axis 2", "[2, 3]"),
            of(() -> M23.matmul(M45), "matmul", "[2, 3]", "[4, 5]"),
            of(() -> V3.matmul(Tensor.ones(4)), "matmul", "[3]", "[4]"),
            of(() -> M45.matmul(V3), "matmul", "[4, 5]", "[3]"), of(() -> V3.matmul(M45), "matmul", "[3]", "[4, 5]"),
            of(() -> T234.matmul(Tensor.ones(3, 4, 5)), "matmul", "[2, 3, 4]", "[3, 4, 5]"),
            of(() -> V3.matmul(Tensor.scalar(1)), "matmul", "[3]", "[]"),
            of(() -> M23.reshape(4, 2), "reshape", "[2, 3]", "6 elements", "[4, 2]"),
            of(() -> M23.reshape(-1, 4), "reshape", "[2, 3]", "[-1, 4]"),
            of(() -> M23.reshape(-1, -1), "reshape", "[2, 3]", "[-1, -1]"),
            of(() -> M23.reshape(0, -1), "reshape", "[2, 3]", "[0, -1]"),
            of(() -> M23.permute(0), "permute", "1 axes", "[2, 3]"),
            of(() -> M23.permute(0, 0), "permute", "axis 0 twice"),
            of(V3::transpose, "transpose", "[3]"), of(() -> M23.expand(3), "expand", "[2, 3]", "[3]"),
            of(() -> M23.expand(4, 3), "expand", "[2, 3]", "[4, 3]"),
            of(() -> M23.slice(0, 1, 3), "slice", "1 to 3", "axis 0", "[2, 3]"),
            of(() -> M23.slice(2, 0, 1), "slice", "axis 2", "[2, 3]"),
            of(() -> M23.columns(2, 1), "slice", "2 to 1", "[2, 3]"),
            of(() -> M23.at(2), "at: number 2", "[2, 3]"), of(() -> Tensor.scalar(1).unbind(), "unbind", "one number"),
            of(() -> V3.rows(ids(0)), "rows", "[3]"),
            of(() -> M23.rows(ids(0, 2)), "rows", "2", "position 1", "0 to 1"),
            of(() -> V3.columns(ids(0)), "columns", "[3]"),
            of(() -> M23.columns(ids(0, 3)), "columns", "3", "position 1", "0 to 2"),
            of(() -> Tensor.concat(0, List.of(M23, M45)), "concat", "[2, 3]", "[4, 5]"),
            of(() -> Tensor.concat(0, List.of(M23, V3)), "concat", "[2, 3]", "[3]"),
            of(() -> Tensor.concat(0, List.of()), "concat", "at least one"),
            of(() -> Tensor.stack(List.of()), "stack", "at least one"),
            of(() -> Tensor.stack(List.of(V3, Tensor.ones(4))), "stack", "[3]", "[4]"),
            of(() -> M23.tracked().backward(), "backward", "one element", "[2, 3]"),
            of(() -> M23.tracked().backward(V3), "backward", "[3]", "[2, 3]"),
            of(() -> IntTensor.of(new int[3], 2), "3 values", "[2]"), of(() -> ids(1, 2).get(2), "get", "[2]"),
            of(() -> Matrix.room(2, 3).multiply(0, 2, Matrix.room(2, 4), 0, Matrix.room(5, 3), false), "[2, 4]",
                    "[5, 3]", "[2, 3]")};

    private static IntTensor ids(int... ids) { return IntTensor.of(ids, ids.length); }

    @TestFactory Stream<DynamicTest> messages() {
        return Arrays.stream(ALL).map(r -> DynamicTest.dynamicTest(r.words().toString(), () -> {
            RuntimeException e = assertThrows(RuntimeException.class, r.call());
            assertTrue(
                    e instanceof ShapeException
                            || e instanceof IndexOutOfBoundsException && !(e instanceof ArrayIndexOutOfBoundsException),
                    e.toString());
            for (String word : r.words())
                assertTrue(e.getMessage().contains(word), "«" + e.getMessage() + "» does not say " + word);
        }));
    }
}
