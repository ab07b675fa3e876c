/** Recurrent cells, which are the equations, and layers, which run them over whole sequences. */
package unroll.recurrent;
