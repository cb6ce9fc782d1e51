"""Times scikit-learn's forests and histogram boosting, and the shap package's values of a forest."""
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from timing import matrix, measure, read, status, threads, work

idle = status("VmRSS")
group = read("group")
x = matrix("x", len(group)).copy(order="C")
forest = RandomForestClassifier(500, random_state=0, n_jobs=threads)


def shap_task():
    import shap

    explainer = shap.TreeExplainer(forest.fit(x, group))
    return lambda: explainer.shap_values(x[:500], check_additivity=False)


def interventional_task():
    import shap

    explainer = shap.TreeExplainer(forest.fit(x, group), x[-50:], feature_perturbation="interventional")
    return lambda: explainer.shap_values(x[:50], check_additivity=False)


run = {
    "forest": lambda: lambda: forest.fit(x, group),
    "forest-shap": shap_task,
    "forest-interventional": interventional_task,
    "histogram-boosting": lambda: lambda: HistGradientBoostingClassifier().fit(x, group),
}[work]()
measure(run, idle)
