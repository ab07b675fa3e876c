package unroll.analysis;

import java.util.Map;

import unroll.nn.Module;
import unroll.tensor.Message;
import unroll.tensor.Parameter;

/**
 * One number among the weights of a model: element {@code index} of a parameter, counted row by row.
 *
 * <pre>{@code
 * Weight.of(model, "recurrent.u", 0).over(-2, 2, 81)               // one side of a loss surface
 * }</pre>
 *
 * @param name as on an axis: {@code recurrent.u[0]}
 */
public record Weight(String name, Parameter parameter, int index) {
    /** A weight and the values that it is to take. */
    public record Range(Weight weight, Axis axis) {
    }

    public Weight {
        if (index < 0 || index >= parameter.size())
            throw new UnknownParameterException(
                    "Weight " + name + ": parameter " + parameter.name() + " has " + parameter.size()
                            + " elements, the indices 0 to " + (parameter.size() - 1) + ", and none at " + index);
    }

    /** Of a parameter at hand. */
    public static Weight of(Parameter parameter, int index) {
        return new Weight(parameter.name() + "[" + index + "]", parameter, index);
    }

    /**
     * Of a model's parameter, by path.
     *
     * @throws UnknownParameterException if the model has none of that path
     */
    public static Weight of(Module model, String path, int index) {
        Map<String, Parameter> all = model.namedParameters();
        Parameter p = all.get(path);
        if (p == null)
            throw new UnknownParameterException(
                    "Weight: " + model + " has no parameter " + path + "; it has " + all.keySet());
        return new Weight(path + "[" + index + "]", p, index);
    }

    /** This weight at so many values from {@code low} to {@code high}. */
    public Range over(double low, double high, int points) {
        return new Range(this, new Axis(name, low, high, points));
    }

    /** Two weights that are to change apart from each other. */
    static void requireTwo(String who, Weight a, Weight b) {
        if (a.parameter == b.parameter && a.index == b.index)
            throw new IllegalArgumentException(Message.of(who + ": both parameters are " + a + "; choose two"));
    }

    double value() { return parameter.data()[index]; }

    void set(double value) { parameter.update(w -> w[index] = (float) value); }

    @Override public String toString() { return name; }
}
