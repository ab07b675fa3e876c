/** What is done with whole sequences of scores: dependent predictions. */
package unroll.sequence;
