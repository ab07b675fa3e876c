/** What a model is worth, measured: perplexity, accuracy. */
package unroll.metrics;
