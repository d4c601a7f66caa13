"""Makes published.json: what SciPy 1.17.1 says of fixed samples, and values from print.

    python3 make_published.py > published.json
"""
import json
import random

import numpy
from scipy import stats

draw = random.Random(20260101)


def samples(ties):
    for _ in range(12):
        first = [draw.gauss(10, 1) for _ in range(draw.randint(3, 8))]
        second = [draw.gauss(10.7, 1) for _ in range(draw.randint(3, 8))]
        if ties:
            yield [round(x) for x in first], [round(x) for x in second]
        else:
            yield first, second


def permuted(first, second, alternative):
    """Exact with ties: every way to deal the values, SciPy's own rank-sum."""
    ranks = stats.rankdata(first + second)

    def rank_sum(a, b):
        return numpy.sum(b)

    return stats.permutation_test(
        (ranks[: len(first)], ranks[len(first) :]), rank_sum, permutation_type="independent",
        n_resamples=numpy.inf, alternative=alternative, vectorized=False).pvalue


whitney = []
for ties in (False, True):
    for a, b in samples(ties):
        if ties:
            p = {side: permuted(a, b, side) for side in ("greater", "less")}
        else:
            p = {side: stats.mannwhitneyu(b, a, alternative=side, method="exact").pvalue
                 for side in ("greater", "less")}
        u = stats.mannwhitneyu(b, a, method="exact").statistic
        whitney.append({"first": a, "second": b, "statistic": u, **p})

signed = []
for ties in (False, True):
    for n in range(3, 13):
        d = [draw.gauss(0.5, 1) for _ in range(n)]
        if ties:
            d = [x for x in (round(2 * x) for x in d) if x != 0] or [1.0]
            def total(a):
                ranks = stats.rankdata(numpy.abs(a))
                return float(numpy.sum(ranks[numpy.array(a) > 0]))
            p = {side: stats.permutation_test(
                (numpy.array(d, float),), total, permutation_type="samples", n_resamples=numpy.inf,
                alternative=side, vectorized=False).pvalue for side in ("greater", "less")}
        else:
            p = {side: stats.wilcoxon(d, alternative=side, method="exact").pvalue
                 for side in ("greater", "less")}
        s = stats.wilcoxon(d, alternative="greater", method="exact").statistic
        signed.append({"differences": [float(x) for x in d], "statistic": float(s), **p})

students = []
for a, b in samples(False):
    students.append({"first": a, "second": b,
                     "p": stats.ttest_ind(a, b, equal_var=False).pvalue})

quantiles = []
for n in (1, 2, 5, 8):
    v = [draw.gauss(0, 1) for _ in range(n)]
    for q in (0.0, 0.1, 0.25, 0.5, 0.9, 1.0):
        quantiles.append({"values": v, "share": q, "quantile": float(numpy.quantile(v, q))})

print(json.dumps({"whitney": whitney, "signed": signed, "students": students,
                  "quantiles": quantiles}, indent=1))
