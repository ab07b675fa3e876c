package unroll.notebook;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import unroll.notebook.Rendering.Renderer;
import unroll.tensor.Message;

/**
 * Shows things through the notebook kernel that runs this program. JJava and IJava are found by reflection, because the
 * library depends on neither; where their methods have the same names one piece of code serves both.
 *
 * <p>Drawing, sending and printing are done on a thread of their own ({@link #aside}): when a thread with its interrupt
 * flag set writes to the kernel's channels, the message is lost, an exception comes back and the flag is gone, and an
 * interrupted training loop is just such a thread.
 */
final class KernelFront implements Front {
    private final Object kernel, renderer, displays;
    private final Method render, display, update, displayInCell, setDisplayId;
    private final AtomicLong places = new AtomicLong();

    /** @throws ReflectiveOperationException if the kernel lacks the methods by which JJava and IJava show things */
    KernelFront(Object kernel) throws ReflectiveOperationException {
        this.kernel = kernel;
        renderer = kernel.getClass().getMethod("getRenderer").invoke(kernel);
        render = renderer.getClass().getMethod("render", Object.class);
        Class<?> data = render.getReturnType();
        display = kernel.getClass().getMethod("display", data);
        Object io = kernel.getClass().getMethod("getIO").invoke(kernel);
        displays = io.getClass().getField("display").get(io);
        update = displays.getClass().getMethod("updateDisplay", String.class, data);
        displayInCell = displays.getClass().getMethod("display", data);
        setDisplayId = data.getMethod("setDisplayId", String.class);
    }

    /** The same, knowing the library's types; an error of its own for a kernel of another kind. */
    static Front of(Object kernel) {
        try {
            KernelFront front = new KernelFront(kernel);
            Rendering.all().forEach(front::register);
            return front;
        } catch (ReflectiveOperationException e) {
            throw new UnknownKernelException(kernel.getClass().getName(), e);
        }
    }

    /** The kernel that runs this program, if one does. */
    static Optional<Object> running() {
        return running("org.dflib.jjava.jupyter.kernel.BaseKernel", "notebookKernel")
                .or(() -> running("io.github.spencerpark.ijava.IJava", "getKernelInstance"));
    }

    private static Optional<Object> running(String type, String getter) {
        try {
            return Optional.ofNullable(
                    Class.forName(type, true, ClassLoader.getSystemClassLoader()).getMethod(getter).invoke(null));
        } catch (ReflectiveOperationException absent) {
            return Optional.empty();
        }
    }

    @Override public void show(Object value) {
        if (isOver()) return;
        aside(() -> send(display, kernel, render(value)));
    }

    @Override public void print(String line) {
        if (!isOver()) aside(() -> System.out.println(line));
    }

    /**
     * Does work on a thread of its own and waits for it, so that an interrupt of the caller neither cuts the work off
     * nor gets lost; what the work throws is thrown here.
     */
    static void aside(Runnable work) {
        Executor thread = task -> {
            Thread own = new Thread(task, "unroll-display");
            own.setDaemon(true);
            own.start();
        };
        try {
            CompletableFuture.runAsync(work, thread).join();
        } catch (CompletionException e) {
            throw thrown(e.getCause());
        }
    }

    private static RuntimeException thrown(Throwable cause) {
        if (cause instanceof Error error) throw error;
        return cause instanceof RuntimeException exception ? exception : new IllegalStateException(cause);
    }

    /**
     * Whether the cell of this thread is: the kernel has perhaps begun the next one, and what is shown now would stand
     * below that.
     */
    private static boolean isOver() { return Thread.currentThread().isInterrupted(); }

    @Override public Live live() {
        return new Place("unroll-" + ProcessHandle.current().pid() + "-" + places.incrementAndGet(),
                isOver() ? null : ofThisCell());
    }

    /**
     * A display stream that belongs to the running cell for ever, where the kernel's own one moves on to the next cell,
     * and says nothing in between. So the last word of a training that was interrupted arrives where the training
     * began.
     */
    private Object ofThisCell() {
        try {
            Field cell = displays.getClass().getDeclaredField("env");
            Method attach = displays.getClass().getDeclaredMethod("setEnv", cell.getType());
            cell.setAccessible(true);
            attach.setAccessible(true);
            Object own = displays.getClass().getConstructor().newInstance();
            attach.invoke(own, cell.get(displays));
            return own;
        } catch (ReflectiveOperationException | InaccessibleObjectException | SecurityException unknown) {
            // of a kernel that keeps its cells in another way
            return displays;
        }
    }

    @Override public <T> void register(Renderer<T> how) {
        try {
            Object registration = renderer.getClass().getMethod("createRegistration", Class.class).invoke(renderer,
                    how.type());
            Class<?> type = registration.getClass();
            type.getMethod("preferring", String[].class).invoke(registration, (Object) new String[] {how.mimeType()});
            Method register = Stream.of(type.getMethods())
                    .filter(m -> m.getName().equals("register") && m.getParameterCount() == 1).findFirst()
                    .orElseThrow(() -> new NoSuchMethodException(Message.of("register in " + type.getName())));
            Class<?> function = register.getParameterTypes()[0];
            register.invoke(registration, Proxy.newProxyInstance(function.getClassLoader(), new Class<?>[] {function},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "render" -> fill(method.getParameterTypes()[1], arguments[1], how, arguments[0]);
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        default -> "rendering of " + how.type().getSimpleName();
                    }));
        } catch (ReflectiveOperationException e) {
            throw new UnknownKernelException(kernel.getClass().getName(), e);
        }
    }

    /** Shows the parts of a value before the last one, and puts that into the container that the kernel holds out. */
    private Object fill(Class<?> contextType, Object context, Renderer<?> how, Object value)
            throws ReflectiveOperationException {
        List<Object> parts = Rendering.parts(value);
        parts.subList(0, parts.size() - 1).forEach(this::show);
        Rendering rendering = how.render(value);
        Method container = contextType.getMethod("getOutputContainer");
        put(container, context, "putData", rendering.data());
        put(container, context, "putMetaData", rendering.metadata());
        return null;
    }

    private static void put(Method container, Object context, String name, Map<String, Object> entries)
            throws ReflectiveOperationException {
        Method put = container.getReturnType().getMethod(name, String.class, Object.class);
        for (var entry : entries.entrySet()) put.invoke(container.invoke(context), entry.getKey(), entry.getValue());
    }

    private Object render(Object value) {
        try {
            return render.invoke(renderer, value == null ? "null" : value);
        } catch (InvocationTargetException e) {
            throw thrown(e.getCause());
        } catch (IllegalAccessException e) {
            throw new UnknownKernelException(kernel.getClass().getName(), e);
        }
    }

    /** Sends, or leaves it: a cell may end while it shows something, and training goes on when a picture is lost. */
    private static void send(Method method, Object target, Object... arguments) {
        try {
            method.invoke(target, arguments);
        } catch (ReflectiveOperationException lost) {
            // The cell ended in between: there is no output to show it in.
        }
    }

    /**
     * A place with an identifier that the kernel's front end knows again, in the output of the cell that made it; a
     * value of several parts has one for each. Without a stream it shows nothing: the cell was over before.
     */
    private final class Place implements Live {
        private final String id;
        private final Object stream;
        private int shown;

        Place(String id, Object stream) {
            this.id = id;
            this.stream = stream;
        }

        @Override public synchronized void update(Object value) {
            if (stream == null) return;
            List<Object> parts = Rendering.parts(value);
            for (int i = 0; i < parts.size(); i++) {
                update(i == 0 ? id : id + "-" + i, parts.get(i), i >= shown);
                shown = Math.max(shown, i + 1);
            }
        }

        private void update(String id, Object part, boolean first) {
            aside(() -> {
                Object data = render(part);
                if (first) {
                    send(setDisplayId, data, id);
                    send(displayInCell, stream, data);
                } else {
                    send(update, stream, id, data);
                }
            });
        }

        @Override public void finish() {
            // The front end keeps the last content.
        }
    }
}
