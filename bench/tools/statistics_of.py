"""Medians and quartiles of repetitions, as in the format."""
import statistics

NS_PER = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}


def rounded(number):
    """Rounds to five digits: more is noise."""
    return float(f"{number:.5g}")


def summary(values_ns, unit):
    """Returns the median and quartiles of times, or of numbers in another unit."""
    scale = NS_PER.get(unit, 1.0)
    values = sorted(value / scale for value in values_ns)
    quartiles = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else None
    return {
        "unit": unit,
        "median": rounded(statistics.median(values)),
        "low": rounded(quartiles[0] if quartiles else values[0]),
        "high": rounded(quartiles[2] if quartiles else values[0]),
        "repetitions": len(values),
    }


def percentiles(values_ns, unit):
    """Returns the percentiles of single operations."""
    scale = NS_PER[unit]
    values = sorted(value / scale for value in values_ns)
    return {name: rounded(values[min(len(values) - 1, int(len(values) * share))])
            for name, share in (("p50", 0.5), ("p99", 0.99), ("p99_9", 0.999))}
