"""Times SciPy and NumPy: tests of every column, DeLong's variance, matrices of correlations."""
import numpy as np
from scipy import stats
from timing import matrix, measure, read, status, work

idle = status("VmRSS")


def two_samples(test):
    group = read("group")
    x = matrix("x", len(group))
    first, second = x[group == 0], x[group == 1]
    return lambda: test(first, second)


def delong():
    """Sun & Xu 2014 with SciPy's ranks."""
    score, outcome = read("risk"), read("event").astype(bool)

    def run():
        positive, negative = score[outcome], score[~outcome]
        m, n = len(positive), len(negative)
        together = stats.rankdata(np.concatenate([positive, negative]))
        v10 = (together[:m] - stats.rankdata(positive)) / n
        v01 = 1 - (together[m:] - stats.rankdata(negative)) / m
        return v10.var(ddof=1) / m + v01.var(ddof=1) / n

    return run


def pearson(with_p):
    n = 300
    x, y = matrix("x", n), matrix("y", n)

    def unit(values):
        centered = values - values.mean(axis=0)
        return centered / np.sqrt((centered * centered).sum(axis=0))

    def run():
        r = unit(x).T @ unit(y)
        if not with_p:
            return r
        t = r * np.sqrt((n - 2) / ((1 - r) * (1 + r)))
        return r, 2 * stats.t.sf(np.abs(t), n - 2)

    return run


works = {
    "t-tests": lambda: two_samples(lambda a, b: stats.ttest_ind(a, b, axis=0)),
    "mann-whitney": lambda: two_samples(lambda a, b: stats.mannwhitneyu(a, b, axis=0, method="asymptotic")),
    "delong": delong,
    "pearson": lambda: pearson(False),
    "pearson-p": lambda: pearson(True),
}
measure(works[work](), idle)
