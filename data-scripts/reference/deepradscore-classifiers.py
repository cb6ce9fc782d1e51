"""Evaluates the released classifiers of Deep-RadScore by their definitions, with NumPy alone: the judge of
test/reference/released-classifiers.test.ts. Prints JSON: for each file the area under the ROC curve on its own test
table, the sum of the probabilities and the number of patients decided to be of class 1.

Run: python deepradscore-classifiers.py RADBOOK_DATA/deepradscore > test/support/released-classifiers.json
Source of the definitions: README of that folder. Needs: numpy.
"""
import csv
import glob
import gzip
import json
import os
import sys

import numpy as np

root = sys.argv[1]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def naive_bayes(m, x):
    logs = []
    for prior, mean, var in zip(m["class_prior"], m["theta"], m["variance"]):
        mean, var = np.array(mean), np.array(var)
        logs.append(np.log(prior) - 0.5 * (np.log(2 * np.pi * var) + (x - mean) ** 2 / var).sum(1))
    return sigmoid(logs[1] - logs[0])


def perceptron(m, x):
    a = x
    for layer in m["layers"][:-1]:
        a = np.tanh(a @ np.array(layer["weights"]) + np.array(layer["bias"]))
    last = m["layers"][-1]
    return sigmoid(a @ np.array(last["weights"]) + np.array(last["bias"]))[:, 0]


def neighbors(m, x):
    train, y, k = np.array(m["train_x"]), np.array(m["train_y"]), m["n_neighbors"]
    distance = np.sqrt(((x[:, None] - train[None]) ** 2).sum(-1))
    return y[np.argsort(distance, axis=1, kind="stable")[:, :k]].mean(1)


def forest(m, x):
    rounded = x.astype(np.float32).astype(float)
    total = np.zeros(len(x))
    for t in m["trees"]:
        for row, values in enumerate(rounded):
            node = 0
            while t["left"][node] >= 0:
                side = "left" if values[t["feature"][node]] <= t["threshold"][node] else "right"
                node = t[side][node]
            total[row] += t["counts"][node][1] / sum(t["counts"][node])
    return total / len(m["trees"])


def support_vectors(m, x):
    s, d = np.array(m["support_vectors"]), np.array(m["dual_coef"])
    k = np.exp(-m["gamma"] * ((x[:, None] - s[None]) ** 2).sum(-1)) if m["kernel"] == "rbf" else x @ s.T
    decision = k @ d + m["intercept"]
    found = []
    for f in decision:
        r0 = min(max(1 / (1 + np.exp(-f * m["platt_a"] + m["platt_b"])), 1e-7), 1 - 1e-7)
        r1 = 1 - r0
        q = np.array([[r1 * r1, -r0 * r1], [-r0 * r1, r0 * r0]])
        p = np.array([0.5, 0.5])
        for _ in range(100):
            v = q @ p
            s_ = p @ v
            if np.abs(v - s_).max() < 0.0025:
                break
            for t in (0, 1):
                step = (s_ - v[t]) / q[t, t]
                p[t] += step
                s_ = (s_ + step * (step * q[t, t] + 2 * v[t])) / (1 + step) ** 2
                v = (v + step * q[t]) / (1 + step)
                p = p / (1 + step)
        found.append(p[1])
    return np.array(found), decision > 0


def area(y, p):
    positive, negative = p[y == 1], p[y == 0]
    wins = (positive[:, None] > negative[None]).sum() + 0.5 * (positive[:, None] == negative[None]).sum()
    return wins / (len(positive) * len(negative))


kinds = {
    "gaussian_nb": naive_bayes,
    "linear_logistic": lambda m, x: sigmoid(x @ np.array(m["coef"]) + m["intercept"]),
    "mlp": perceptron,
    "knn": neighbors,
    "random_forest": forest,
    "svc": support_vectors,
}
out = {}
for path in sorted(glob.glob(os.path.join(root, "models", "*.json*"))):
    name = os.path.basename(path).split(".")[0]
    with (gzip.open if path.endswith(".gz") else open)(path) as file:
        m = json.load(file)
    with open(os.path.join(root, "tables", name + ".csv")) as file:
        rows = list(csv.DictReader(file))
    x = np.array([[float(row[c]) for c in m["features"]] for row in rows])
    y = np.array([int(row["label"]) for row in rows])
    found = kinds[m["kind"]](m, x)
    p, chosen = found if isinstance(found, tuple) else (found, found > 0.5)
    out[name] = {"area": float(area(y, p)), "sum": float(p.sum()), "chosen": int(chosen.sum())}
json.dump({"versions": {"numpy": np.__version__}, "models": out}, sys.stdout, indent=2)
