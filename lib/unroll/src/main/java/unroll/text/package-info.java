/** Vocabularies, batches, language models and what generates text. */
package unroll.text;
