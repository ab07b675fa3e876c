/**
 * What a model is worth, measured: perplexity, accuracy, confusion, F1 of spans, edit distance, calibration, and how
 * far chance reaches.
 */
package unroll.metrics;
