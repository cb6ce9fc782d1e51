"""Writes test/support/shap-plots.json: the numbers behind shap's own plots, of seeded SHAP values.

Needs shap 0.48.0 (Python 3.11), Matplotlib, SciPy and scikit-learn.
Run from the top of the repository: python data-scripts/reference/shap-plots.py
"""
import json

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import scipy.cluster.hierarchy
import scipy.stats
import shap
from mpl_toolkits.mplot3d import Axes3D
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

by_shape = [int(j) for j in hclust_ordering(phi.T)]

# Three classes that share the features out differently; one patient's lines.
outputs = [np.round(phi * np.cos(np.arange(p) + c), 6) for c in range(3)]
bases = [0.2, 0.5, -0.1]
plt.close("all")
lines = shap.plots._decision.multioutput_decision(
    bases, [one.copy() for one in outputs], 4, feature_names=names, return_objects=True, show=False
)
classes = {
    "bases": bases,
    "row": 4,
    "base": float(lines.base_value),
    "order": [int(j) for j in lines.feature_idx],
    "lines": [[float(x) for x in line.get_xdata()] for line in plt.gca().lines if len(line.get_xdata()) == p + 1],
}
assert len(classes["lines"]) == 3

# Families of features: cubes and noisy copies. Bars of shap with a tree of our distance.
base_columns = rng.normal(size=(n, 4))
family = np.round(
    np.column_stack(
        [base_columns[:, 0], base_columns[:, 1], base_columns[:, 2], base_columns[:, 0] ** 3]
        + [base_columns[:, 1] + 0.3 * rng.normal(size=n), base_columns[:, 0] + 0.5 * rng.normal(size=n)]
        + [base_columns[:, 3], base_columns[:, 2] + 0.4 * rng.normal(size=n)]
    ),
    5,
)
family_phi = np.round(family * np.array([0.5, 0.9, 0.3, 0.15, 0.5, 0.25, 0.2, 0.35]), 6)
distance = 1 - np.abs(scipy.stats.spearmanr(family)[0])
tree = scipy.cluster.hierarchy.average(distance[np.triu_indices(family.shape[1], 1)])
letters = list("abcdefgh")
clustered = []
for top in [8, 6, 4, 3]:
    plt.close("all")
    bars = shap.Explanation(family_phi, base_values=np.zeros(n), data=family, feature_names=letters).abs.mean(0)
    shap.plots.bar(bars, clustering=tree, max_display=top, show=False)
    labels = [label.get_text() for label in plt.gca().get_yticklabels()][:top]
    clustered.append({"rows": labels, "widths": [float(bar.get_width()) for bar in plt.gca().patches]})


def answer(x):
    return np.sin(x[:, 0]) * x[:, 1] + 0.3 * x[:, 2] ** 2


surface = {}
Axes3D.plot_surface = lambda self, x, y, z, **_: surface.update(x=x[:, 0], y=y[0], z=z)
columns = filled[:40, :3].copy()
shap.plots.partial_dependence(
    ("Volume", "Entropy"), answer, columns, xmin="percentile(5)", xmax="percentile(95)", npoints=7,
    feature_names=names[:3], show=False,
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
            "featureSimilarity": by_shape,
            "classes": classes,
            "family": {"X": family.tolist(), "phi": family_phi.tolist(), "bars": clustered},
            "surface": {name: np.round(values, 12).tolist() for name, values in surface.items()},
        },
        file,
    )
    file.write("\n")
