/**
 * What a notebook shows: charts, tables, progress, live loss curves, coloured text and checked claims, on the JJava
 * and IJava kernels; outside a kernel the same calls print text. Begin with {@link Notebook} and Charts.
 *
 * <pre>{@code
 * Notebook.start();                                    // charts, tables and runs now show themselves
 * double[] losses = {4.2, 3.1, 2.6};
 * show(Charts.lines("Training", "epoch", "nats").add("LSTM", losses));
 * show(Tables.of("model", "nats").row("LSTM", losses[2]));
 * check("the loss fell", losses[2] < losses[0]);
 * }</pre>
 *
 * In this order: Notebook, then Figure and Chart with Plot, which paints them; Tables and ResultTable; LossChart and
 * ComparisonView; Rendering and KernelFront, which reach the page.
 */
package unroll.notebook;
