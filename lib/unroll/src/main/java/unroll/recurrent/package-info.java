/**
 * Recurrent cells, which are the equations, and layers, which run them over whole sequences. Begin with {@link
 * LstmCell}, one step in six lines, and Lstm, the same over [T, B, I] with a backward pass of its own.
 *
 * <pre>{@code
 * Rng rng = Rng.seed(1);
 * LstmCell cell = new LstmCell(4, 8, rng);
 * LstmState state = cell.step(rng.normal(2, 4), cell.initialState(2));      // one step of a batch of 2
 * SequenceLayer slow = new Unrolled<>(cell);           // any cell over time, by the tape
 * SequenceLayer fast = new Lstm(cell);                 // the same numbers, one operation
 * Tensor x = rng.normal(10, 2, 4);                     // [T, B, 4]
 * Tensor difference = slow.apply(x).states().sub(fast.apply(x).states());
 * SequenceLayer deep = Lstm.of(4, 8).layers(2).bidirectional().dropout(0.2).build(rng);
 * System.out.println(deep.apply(x).states());          // [10, 2, 16]
 * }</pre>
 *
 * In this order: Cell, GatedCell, LstmCell; Unrolled, which runs any cell; Lstm, Recurrence and LstmRecurrence, where
 * the time loop and the gradients are; RecurrentSpec, Stacked and Bidirectional; the other cells; MinGru and
 * ScanLayer; Recording.
 */
package unroll.recurrent;
