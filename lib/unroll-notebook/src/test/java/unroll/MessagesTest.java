package unroll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Handle;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Type;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import unroll.analysis.Axis;
import unroll.text.Vocabulary;
import unroll.metrics.Confusion;
import unroll.metrics.Span;
import unroll.model.TextClassifier;
import unroll.model.WordVectors;
import unroll.nn.Linear;
import unroll.notebook.Notebook;
import unroll.notebook.Tables;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.tensor.TensorFile;

/** No error fills the page or writes to the terminal, whatever a file or a caller put into it. */
final class MessagesTest {
    private static final JavaClasses LIBRARY = Library.CLASSES;

    /** Escapes of a terminal, what turns the direction, line separators, a half of a pair. */
    private static final String HOSTILE = "a\u001b[31mred\u202ekcab\u2028\u0000\r\n\t\ud800\u0085\ufeff\uD83D\uDE00";

    static void assertTame(String message) {
        assertTrue(message.length() <= Message.LIMIT,
                () -> message.length() + " characters: " + message.substring(0, 100));
        assertTrue(message.codePoints().noneMatch(c -> Character.getType(c) == Character.CONTROL && c != '\n'
                || Character.getType(c) == Character.LINE_SEPARATOR || Character.getType(c) == Character.FORMAT
                || Character.getType(c) == Character.SURROGATE), () -> message);
    }

    static List<Class<?>> exceptions() {
        return LIBRARY.stream().filter(c -> c.isAssignableTo(Throwable.class)).<Class<?>>map(JavaClass::reflect)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("exceptions") void eachExceptionTamesItsWords(Class<?> type) throws ReflectiveOperationException {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            constructor.setAccessible(true);
            for (String text : List.of(HOSTILE.repeat(30_000), HOSTILE, "x".repeat(2_001))) {
                Object[] arguments = new Object[constructor.getParameterCount()];
                for (int i = 0; i < arguments.length; i++)
                    arguments[i] = argument(constructor.getParameterTypes()[i], text);
                assertTame(((Throwable) constructor.newInstance(arguments)).getMessage());
            }
        }
    }

    private static Object argument(Class<?> type, String text) {
        if (type == String.class) return text;
        if (type == int.class) return 3;
        if (type == long.class) return 3L;
        if (type == List.class) return Collections.nCopies(20, text);
        return type.isEnum() ? type.getEnumConstants()[0] : null;
    }

    /**
     * An exception of the JDK cannot tame its words. So what the library gives to one is a text of its own with nothing
     * but numbers in it, or has gone through {@link Message}.
     */
    @Test void exceptionsOfTheJdkGetTamedWords() throws IOException {
        List<String> wild = new ArrayList<>();
        for (JavaClass type : LIBRARY)
            try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
                new ClassReader(in).accept(new Throws(wild), 0);
            }
        assertEquals("", String.join("\n", wild));
    }

    /** Looks at what comes before each constructor of an exception of the JDK. */
    private static final class Throws extends ClassVisitor {
        private final List<String> wild;
        private String file;

        Throws(List<String> wild) {
            super(Opcodes.ASM9);
            this.wild = wild;
        }

        @Override public void visitSource(String source, String debug) { file = source; }

        @Override public MethodVisitor visitMethod(int access, String method, String descriptor, String signature,
                String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                private int line;
                private boolean tame, before;                              // the newest value, and the one before it

                private void push(boolean isTame) {
                    before = tame;
                    tame = isTame;
                }

                @Override public void visitLineNumber(int number,
                        com.tngtech.archunit.thirdparty.org.objectweb.asm.Label start) {
                    line = number;
                }

                @Override public void visitLdcInsn(Object value) { push(true); }

                @Override public void visitVarInsn(int opcode, int variable) { push(false); }

                @Override public void visitFieldInsn(int opcode, String owner, String name, String type) {
                    push(false);
                }

                @Override public void visitInvokeDynamicInsn(String name, String type, Handle bootstrap,
                        Object... arguments) {
                    boolean numbers = name.equals("makeConcatWithConstants");
                    for (Type t : Type.getArgumentTypes(type))
                        numbers &= t.getSort() < Type.ARRAY && t.getSort() != Type.CHAR;
                    push(numbers);
                }

                @Override public void visitMethodInsn(int opcode, String owner, String name, String type,
                        boolean isInterface) {
                    boolean message = type.startsWith("(Ljava/lang/String;");
                    if (name.equals("<init>") && message && owner.startsWith("java/") && isException(owner)
                            && !(type.contains("Throwable") || type.contains("Exception") ? before : tame))
                        wild.add(file + ":" + line);
                    else
                        push(owner.equals("unroll/tensor/Message"));
                }
            };
        }

        private static boolean isException(String owner) {
            try {
                return Throwable.class.isAssignableFrom(Class.forName(owner.replace('/', '.')));
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The ways by which foreign text really comes in. */
    static List<Executable> mistakes() {
        String foreign = HOSTILE.repeat(30_000), name = HOSTILE.replace("\u0000", "").replace("/", "").substring(0, 12);
        int[] long_ = new int[1_000];
        Arrays.fill(long_, 1);
        Vocabulary words = Vocabulary.words(List.of("a", "b"), 1);
        Linear linear = new Linear(2, 2, Rng.seed(1));
        return List.of(
                () -> words.encode(List.of(foreign)),
                () -> Vocabulary.of(List.of(foreign, foreign), Vocabulary.Kind.WORDS),
                () -> new TextClassifier.Prediction(foreign, Map.of(foreign + "!", 1.0)),
                () -> Confusion.none(List.of("a", "b")).count(foreign, "a"),
                () -> Confusion.none(Collections.nCopies(100_000, foreign.substring(0, 20))),
                () -> new Axis(foreign, 1, 0, 2),
                () -> Span.of(List.of(foreign)),
                () -> WordVectors.of(words, Tensor.zeros(2, 3)).vector(foreign),
                () -> linear.apply(Tensor.zeros(long_)),
                () -> Tensor.zeros(long_).matmul(Tensor.zeros(3)),
                () -> Tensor.zeros(2).reshape(long_).get(1),
                () -> new Parameter("w", Tensor.zeros(long_)).set(Tensor.zeros(2)),
                () -> new Parameter(foreign, Tensor.zeros(2)).named("other"),
                () -> TensorFile.read(Path.of(name + ".npz")),
                () -> TensorFile.read(Path.of(name)),
                () -> WordVectors.read(Path.of(name), 2),
                () -> Tables.of(foreign, foreign),
                () -> Notebook.check(foreign, false));
    }

    @ParameterizedTest
    @MethodSource("mistakes") void mistakesAreToldInTameWords(Executable mistake) {
        assertTame(assertThrows(Exception.class, mistake).getMessage());
    }

    @Test void whatIsCutOutIsCounted() {
        String message = Message.of("Vocabulary: no symbol " + "x".repeat(540_000) + "; choose another");
        assertTrue(message.startsWith("Vocabulary: no symbol xxx") && message.endsWith("xxx; choose another"), message);
        assertTrue(message.contains("540038 characters in all"), message);
    }

    @Test void controlsAreWrittenOut() {
        assertEquals("a\\u001b[31m \\u202eb\\u2028 \\ud800 \uD83D\uDE00 é",
                Message.of("a\u001b[31m \u202eb\u2028 \ud800 \uD83D\uDE00 é"));
        assertEquals("\"to\\nbe\\u001b\"", Message.quoted("to\nbe\u001b"));
    }

    @Test void linesOfOurOwnStayLines() {
        assertEquals("all:\n- a\\u000ab\n- c", Message.lines("all:", "- a\nb", "- c"));
        assertTame(Message.lines(Collections.nCopies(1000, "- wrong").toArray(String[]::new)));
    }
}
