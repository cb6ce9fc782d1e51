"""Times scikit-learn's support vector machine, multilayer perceptron and lasso by liblinear."""
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from timing import matrix, measure, read, status, work

warnings.simplefilter("ignore")
idle = status("VmRSS")
y = read("group").astype(int)
x = np.ascontiguousarray(matrix("x", len(y)))


def lasso():
    """One fit at half the largest penalty, columns of standard deviation 1 as glmnet takes them."""
    n = len(y)

    def standard():
        return (x - x.mean(axis=0)) / x.std(axis=0)

    penalty = 0.5 * np.abs(standard().T @ (y - y.mean())).max() / n
    recipe = LogisticRegression(l1_ratio=1, C=1 / (n * penalty), solver="liblinear")
    return lambda: recipe.fit(standard(), y)


works = {
    "svm": lambda: lambda: SVC().fit(x, y),
    "mlp": lambda: lambda: MLPClassifier(random_state=7).fit(x, y),
    "logistic-one": lasso,
}
measure(works[work](), idle)
