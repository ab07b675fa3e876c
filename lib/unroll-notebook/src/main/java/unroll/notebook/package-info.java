/**
 * What a notebook shows: charts, tables, progress, live losses, coloured text and checked claims, on the JJava and IJava
 * kernels; outside a kernel the same calls print text. Begin with {@link unroll.notebook.Notebook} and
 * {@link unroll.notebook.Charts}.
 *
 * <pre>{@code
 * Notebook.start();
 * var run = trainer.listen(LossChart.live()).fit(batches);
 * show(Charts.lines("Loss", "step", "nats").add("LSTM", losses).addDashed("guessing", bound).logY());
 * show(Tables.of("model", "nats").row("bigram", 2.47).row("LSTM", 1.55));
 * check("the LSTM is better than the bigram", lstm < bigram, lstm);
 * }</pre>
 *
 * To be read in this order: {@code Notebook}, {@code Front} and {@code Rendering} (how a value is shown, with
 * {@code KernelFront} for the kernels); {@code Figure}, {@code Chart}, {@code Scale} and {@code Plot} (what all charts
 * share), then any chart; {@code Figures} for what {@code unroll.analysis} measures.
 */
package unroll.notebook;
