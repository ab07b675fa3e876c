/** Whole models, made of layers and vocabularies. */
package unroll.model;
