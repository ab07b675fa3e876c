package unroll.notebook;

import unroll.notebook.Rendering.Renderer;

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

    /** Shows things as text on {@code System.out}: tests, plain Java programs. */
    final class Console implements Front {
        @Override public void show(Object value) { System.out.println(value); }

        @Override public void print(String line) { System.out.println(line); }

        @Override public <T> void register(Renderer<T> renderer) {
            // A console shows every value by its toString.
        }

        @Override public Live live() { return new LastLine(System.console() != null); }
    }

    /** On a terminal one line that is written over and over; elsewhere (a file, a pipe) the last content alone. */
    final class LastLine implements Live {
        private final boolean terminal;
        private String last = "";
        private int onScreen;

        LastLine(boolean terminal) { this.terminal = terminal; }

        @Override public synchronized void update(Object value) {
            last = String.valueOf(value);
            if (terminal && last.indexOf('\n') < 0) {
                System.out.print('\r' + padded());
                System.out.flush();
                onScreen = last.length();
            }
        }

        @Override public synchronized void finish() {
            if (last.isEmpty()) return;
            System.out.println((onScreen > 0 ? "\r" : "") + padded());
            last = "";
            onScreen = 0;
        }

        private String padded() { return last + " ".repeat(Math.max(0, onScreen - last.length())); }
    }
}
