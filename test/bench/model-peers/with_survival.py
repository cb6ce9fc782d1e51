"""Times scikit-survival and lifelines."""
import os
import warnings

import numpy as np
from lifelines import KaplanMeierFitter
from lifelines.utils import concordance_index
from sksurv.linear_model import CoxnetSurvivalAnalysis
from sksurv.util import Surv
from timing import folder, matrix, measure, read, status, work, write

warnings.simplefilter("ignore")
idle = status("VmRSS")
time, event = read("time"), read("event")


def coxnet():
    x = matrix("x", len(time))
    y = Surv.from_arrays(event.astype(bool), time)
    fold = read("fold")

    def fit(rows, alphas=None):
        # Standardised as glmnet does it; the copy is the peer's usual way.
        part = x[rows]
        scale = part.std(axis=0)
        part = (part - part.mean(axis=0)) / scale
        fitted = CoxnetSurvivalAnalysis(l1_ratio=1, alpha_min_ratio=0.01, n_alphas=100, alphas=alphas, max_iter=100_000)
        return fitted.fit(part, y[rows]), scale

    def run():
        whole, scale = fit(np.arange(len(time)))
        if work == "cox-cv":
            for k in np.unique(fold):
                part, _ = fit(np.flatnonzero(fold != k), whole.alphas_)
                x[fold == k] @ part.coef_
        if work == "cox-cv" and os.path.basename(folder) == "small":
            write("sksurv-lambda", whole.alphas_)
            write("sksurv-beta", (whole.coef_ / scale[:, None]).T)

    return run


def concordance_bootstrap():
    risk = read("risk")
    n = len(risk)

    def run():
        random = np.random.default_rng(7)
        for _ in range(500):
            rows = random.integers(0, n, n)
            concordance_index(time[rows], -risk[rows], event[rows])

    return run


def concordance():
    risk = read("risk")
    return lambda: concordance_index(time, -risk, event)


works = {
    "cox-cv": coxnet,
    "cox-path": coxnet,
    "concordance": concordance,
    "concordance-bootstrap": concordance_bootstrap,
    "kaplan-meier": lambda: lambda: KaplanMeierFitter().fit(time, event),
}
measure(works[work](), idle)
