"""What several rounds say about a figure, and about the quotient of two sides."""
import math
import statistics

CERTAIN = 0.9                            # how sure an interval is at least, where there are rounds enough


def summary(rounds):
    """Of the measurements of several processes: medians over the rounds of each process's median and quartiles; all the medians."""
    kept = {name: rounds[-1][name] for name in ("version",) if name in rounds[-1]}
    if all("quartiles_ms" in one for one in rounds):
        kept["quartiles_ms"] = [statistics.median(one["quartiles_ms"][end] for one in rounds) for end in (0, 1)]
    if all("allocated_mb" in one for one in rounds):
        kept["allocated_mb"] = statistics.median(one["allocated_mb"] for one in rounds)
    return {"median_ms": statistics.median(one["median_ms"] for one in rounds), "best_ms": min(one["best_ms"] for one in rounds),
            "medians_ms": [one["median_ms"] for one in rounds], **kept}


def quotient(theirs, ours):
    """Median and interval of the quotients round by round; where the rounds do not belong together, that of the medians and None."""
    over, under = theirs.get("medians_ms", ()), ours.get("medians_ms", ())
    if not over or len(over) != len(under):
        return theirs["median_ms"] / ours["median_ms"], None
    quotients = [a / b for a, b in zip(over, under)]
    return statistics.median(quotients), interval(quotients)


def interval(values):
    """Between two of the values in order: so wide that it holds the true median with a probability of at least CERTAIN, or
    as wide as the values go; None for a single one. Each value lies above the true median as likely as below it."""
    n, values = len(values), sorted(values)
    if n < 2:
        return None
    left = 0
    while 1 - 2 * below(n, left + 1) >= CERTAIN:
        left += 1
    return values[left], values[n - 1 - left]


def below(n, k):
    """How likely at most k of n coins show heads."""
    return sum(math.comb(n, i) for i in range(k + 1)) / 2 ** n


def is_level(between):
    return between is not None and between[0] <= 1 <= between[1]


def quartiles(values):
    """The first and the third."""
    values = list(values)
    if len(values) == 1:
        return [values[0], values[0]]
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return [first, third]
