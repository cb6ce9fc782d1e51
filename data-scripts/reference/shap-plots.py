"""Writes test/support/shap-plots.json: the numbers behind shap's own plots, of seeded SHAP values.

Needs shap 0.48.0 (Python 3.11), Matplotlib, SciPy and scikit-learn.
Run from the top of the repository: python data-scripts/reference/shap-plots.py
"""
import json

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import scipy.stats
import shap
from shap.utils import approximate_interactions, hclust_ordering

rng = np.random.default_rng(7)
n, p = 130, 5
names = ["Volume", "Entropy", "Age", "Contrast", "Sphericity"]
X = np.round(rng.normal(size=(n, p)), 5)
X[rng.random(n) < 0.2, 3] = np.nan
filled = np.nan_to_num(X)
phi = 0.5 * filled * np.array([1.0, -0.8, 0.6, 0.4, 0.2])
phi[:, 2] += 0.4 * X[:, 2] * (X[:, 0] > 0)
phi[:, 1] += 0.3 * np.isnan(X[:, 3]) * X[:, 1]
phi[n // 2 :, 4] += 0.6
phi += 0.05 * rng.normal(size=(n, p))
phi = np.round(phi, 6)
group = rng.random(n) < 0.4

partners = [[int(k) for k in approximate_interactions(j, phi, X) if k != j] for j in range(p)]

_, axes = plt.subplots()
shap.plots.group_difference(phi, group, feature_names=names, sort=False, ax=axes)
differences = [float(bar.get_width()) for bar in axes.patches]

plt.close("all")
shap.plots.embedding(0, phi, feature_names=names, show=False)
places = np.asarray(plt.gcf().axes[0].collections[0].get_offsets())

shifts = []
for j in range(p):
    plt.close("all")
    shap.plots.monitoring(j, phi, filled, feature_names=names, show=False)
    lines = plt.gcf().axes[0].lines
    tried = [scipy.stats.ttest_ind(phi[:i, j], phi[i:, j])[1] for i in range(50, n - 50, 50)]
    shifts.append({"at": float(lines[0].get_xdata()[0]) if lines else None, "p": float(min(tried))})

explanation = shap.Explanation(phi, base_values=np.zeros(n), data=X, feature_names=names)
order = [int(i) for i in explanation.hclust()]
assert order == [int(i) for i in hclust_ordering(phi)]

plt.close("all")
shifted = shap.plots.decision(
    0.1, phi, feature_names=names, new_base_value=0.3, return_objects=True, show=False, ignore_warnings=True
)

with open("test/support/shap-plots.json", "w") as file:
    json.dump(
        {
            "source": f"shap {shap.__version__}",
            "names": names,
            "X": [[None if np.isnan(x) else float(x) for x in row] for row in X],
            "phi": phi.tolist(),
            "group": [int(g) for g in group],
            "partners": partners,
            "differences": differences,
            "embedding": np.round(places, 9).tolist(),
            "shifts": shifts,
            "similarity": order,
            "newBase": {
                "from": 0.1,
                "to": 0.3,
                "first": shifted.shap_values[0].tolist(),
                "order": [int(i) for i in shifted.feature_idx],
            },
        },
        file,
    )
    file.write("\n")
