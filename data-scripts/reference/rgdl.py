"""Writes test/support/rgdl.json: the 72 features of RGDL by PyRadiomics 3.1.0 and its 6 margin features by NumPy and SciPy, of brain1.

Needs PyRadiomics 3.1.0 (Python 3.9), SciPy, and brain1_image.nrrd, brain1_label.nrrd of PyRadiomics.
Run from the top of the repository: python data-scripts/reference/rgdl.py FOLDER_WITH_BRAIN1
"""
import json
import logging
import sys

import numpy as np
import radiomics
import SimpleITK as sitk
from radiomics import featureextractor
from scipy import stats

radiomics.logger.setLevel(logging.CRITICAL)
folder = sys.argv[1]
image = sitk.ReadImage(f"{folder}/brain1_image.nrrd")
mask = sitk.ReadImage(f"{folder}/brain1_label.nrrd")

features = {}
for bins, classes in ((128, ("shape", "firstorder", "glcm")), (32, ("glszm",))):
    extractor = featureextractor.RadiomicsFeatureExtractor(
        {"setting": {"binCount": bins}, "featureClass": {c: None for c in classes}}
    )
    found = extractor.execute(image, mask)
    features.update({key: float(value) for key, value in found.items() if key.startswith("original_")})

region = sitk.GetArrayFromImage(image)[sitk.GetArrayFromImage(mask) == 1].astype(float)
edges = np.linspace(region.min(), region.max(), 129)
# The cumulative distribution itself: the share of voxels below each inner edge, and of all of them below the last.
cumulative = np.array([np.mean(region < edge) for edge in edges[:-1]] + [1.0])
slopes = np.diff(cumulative) / np.diff(edges)
for name, value in (
    ("Mean", slopes.mean()),
    ("StandardDeviation", slopes.std()),
    ("Median", np.median(slopes)),
    ("Maximum", slopes.max()),
    ("Skewness", stats.skew(slopes)),
    ("Kurtosis", stats.kurtosis(slopes, fisher=False)),
):
    features[f"original_margin_CdfSlope{name}"] = float(value)

with open("test/support/rgdl.json", "w") as file:
    json.dump({"image": "brain1", "features": {key: float("%.12g" % v) for key, v in features.items()}}, file, indent=2)
    file.write("\n")
