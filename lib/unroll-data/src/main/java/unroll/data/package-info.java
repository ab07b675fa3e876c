/**
 * Texts and sequences on their way to a model: vocabularies, tokenizers, batches, corpora and the catalogue of data
 * sets.
 */
package unroll.data;
