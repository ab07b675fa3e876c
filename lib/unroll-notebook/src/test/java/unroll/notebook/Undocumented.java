package unroll.notebook;

/** Without this comment in the source that {@link HelpTest} lets {@link Help} find. */
interface Undocumented extends Runnable {
    int twice(int number);
}
