package unroll.notebook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Has the methods by which JJava and IJava show things, and notes what it was asked to show. Public, because it is
 * called by reflection.
 */
public final class FakeKernel {
    final List<Sent> sent = new ArrayList<>();
    private final Renderer renderer = new Renderer();
    private final Io io = new Io();

    /** @param ended the cell is over: whatever is sent is lost */
    FakeKernel(boolean ended) {
        if (!ended) begin("a cell");
    }

    /** The next cell runs. */
    void begin(String cell) { io.display.setEnv(new Environment(this, cell)); }

    /** The cell is over, and no other runs. */
    void end() { io.display.setEnv(null); }

    /**
     * One message to the front end, the cell that it belongs to, and whether the sending thread had its interrupt flag
     * set.
     */
    record Sent(String kind, String id, Data data, String cell, boolean interrupted) {
    }

    public Renderer getRenderer() { return renderer; }

    public Io getIO() { return io; }

    public void display(Data data) { io.display.display(data); }

    public static final class Io {
        public final Displays display = new Displays();
    }

    /** What a message is sent through, as long as its cell runs and afterwards. */
    private record Environment(FakeKernel kernel, String cell) {
        void publish(String kind, Data data) {
            kernel.sent.add(new Sent(kind, data.id, data, cell, Thread.currentThread().isInterrupted()));
        }
    }

    /** As in both kernels it says nothing while no cell runs. */
    public static final class Displays {
        private Environment env;

        public Displays() {
        }

        private void setEnv(Environment env) { this.env = env; }

        public void display(Data data) {
            if (env != null) env.publish("display", data);
        }

        public void updateDisplay(String id, Data data) {
            if (env != null) env.publish("update", data.setDisplayId(id));
        }
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
