"""Times scikit-learn's support vector machine and multilayer perceptron."""
import warnings

import numpy as np
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from timing import matrix, measure, read, status, work

warnings.simplefilter("ignore")
idle = status("VmRSS")
y = read("group").astype(int)
x = np.ascontiguousarray(matrix("x", len(y)))
works = {
    "svm": lambda: SVC().fit(x, y),
    "mlp": lambda: MLPClassifier(random_state=7).fit(x, y),
}
measure(works[work], idle)
