"""Times fasttreeshap's SHAP values of scikit-learn's forest."""
import fasttreeshap
from sklearn.ensemble import RandomForestClassifier
from timing import matrix, measure, read, status, threads

idle = status("VmRSS")
group = read("group")
x = matrix("x", len(group)).copy(order="C")
fitted = RandomForestClassifier(500, random_state=0, n_jobs=threads).fit(x, group)
explainer = fasttreeshap.TreeExplainer(fitted, n_jobs=threads)
measure(lambda: explainer(x[:500], check_additivity=False), idle)
