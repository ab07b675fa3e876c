package unroll.notebook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Has the methods by which JJava and IJava show things, and notes what it was asked to show. Public, because it is called by reflection. */
public final class FakeKernel {
    final List<Sent> sent = new ArrayList<>();
    private final Renderer renderer = new Renderer();
    private final Io io = new Io(this);
    private final boolean ended;

    /** @param ended the cell is over: whatever is sent fails */
    FakeKernel(boolean ended) { this.ended = ended; }

    /** One message to the front end, and whether the sending thread had its interrupt flag set. */
    record Sent(String kind, String id, Data data, boolean interrupted) {
    }

    public Renderer getRenderer() { return renderer; }

    public Io getIO() { return io; }

    public void display(Data data) { send("display", data.id, data); }

    private void send(String kind, String id, Data data) {
        if (ended) throw new NullPointerException("no cell is running");
        sent.add(new Sent(kind, id, data, Thread.currentThread().isInterrupted()));
    }

    public static final class Io {
        public final Displays display;

        Io(FakeKernel kernel) { display = new Displays(kernel); }
    }

    public static final class Displays {
        private final FakeKernel kernel;

        Displays(FakeKernel kernel) { this.kernel = kernel; }

        public void updateDisplay(String id, Data data) { kernel.send("update", id, data); }
    }

    public static final class Data {
        final Map<String, Object> content = new LinkedHashMap<>();
        final Map<String, Object> metadata = new LinkedHashMap<>();
        String id;

        public void putData(String type, Object value) { content.put(type, value); }

        public void putMetaData(String type, Object value) { metadata.put(type, value); }

        public Data setDisplayId(String id) {
            this.id = id;
            return this;
        }
    }

    public static final class Context {
        private final Data data;

        Context(Data data) { this.data = data; }

        public Data getOutputContainer() { return data; }
    }

    /** The kernels' functional interface, which a proxy implements. */
    public interface RenderFunction<T> {
        void render(T value, Context context);
    }

    public static final class Renderer {
        private final Map<Class<?>, RenderFunction<Object>> functions = new LinkedHashMap<>();

        public <T> Registration<T> createRegistration(Class<T> type) { return new Registration<>(this, type); }

        public Data render(Object value) {
            Data data = new Data();
            data.putData("text/plain", value.toString());
            for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
                RenderFunction<Object> function = functions.get(type);
                if (function == null) continue;
                function.render(value, new Context(data));
                break;
            }
            return data;
        }
    }

    public static final class Registration<T> {
        private final Renderer renderer;
        private final Class<T> type;

        Registration(Renderer renderer, Class<T> type) {
            this.renderer = renderer;
            this.type = type;
        }

        public Registration<T> preferring(String... types) { return this; }

        @SuppressWarnings("unchecked") public void register(RenderFunction<T> function) {
            renderer.functions.put(type, (RenderFunction<Object>) function);
        }
    }
}
