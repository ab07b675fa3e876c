package unroll.notebook;

/** Where things are shown: a notebook kernel or a console. */
interface Front {
    /** Shows a value now. */
    void show(Object value);

    /** Prints a line. */
    void print(String line);

    /** A place whose content can be replaced. */
    Live live();

    /** From now on this shows values of a type by the given function. */
    <T> void register(Renderer<T> renderer);
}
