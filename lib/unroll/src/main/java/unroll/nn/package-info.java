/** Modules, layers, losses and initializers, and what recurrent and state-space layers have in common. */
package unroll.nn;
