/**
 * Linear state-space models: systems and their discretization, HiPPO, and layers that are recurrences and convolutions
 * at once.
 */
package unroll.statespace;
