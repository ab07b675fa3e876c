package unroll.notebook;

interface Undocumented extends Runnable {
    int twice(int number);
}
