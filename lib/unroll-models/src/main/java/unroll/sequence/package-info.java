/**
 * What is done with whole sequences: dependent predictions, attention to another sequence, and search for the best one.
 */
package unroll.sequence;
