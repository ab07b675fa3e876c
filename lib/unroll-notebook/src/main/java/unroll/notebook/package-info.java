/**
 * What a notebook shows: charts, tables, progress, live loss curves, coloured text and checked claims, on the JJava and
 * IJava kernels; outside a kernel the same calls print text.
 */
package unroll.notebook;
