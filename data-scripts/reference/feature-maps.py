"""Writes test/support/feature-maps.json: voxel-based PyRadiomics 3.1.0 of brain1, at some voxels of its region.

Needs PyRadiomics 3.1.0 (Python 3.9) and brain1_image.nrrd, brain1_label.nrrd of PyRadiomics.
Run from the top of the repository: python data-scripts/reference/feature-maps.py FOLDER_WITH_BRAIN1

glcm MCC is left out: PyRadiomics gives up on it where a kernel has a direction without pairs, and writes initValue everywhere.
"""
import json
import logging
import sys

import radiomics
import SimpleITK as sitk
from radiomics import featureextractor

radiomics.logger.setLevel(logging.CRITICAL)
folder = sys.argv[1]
image = sitk.ReadImage(f"{folder}/brain1_image.nrrd")
mask = sitk.ReadImage(f"{folder}/brain1_label.nrrd")

CLASSES = ("firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm")
RUNS = {
    "radius 1": {"setting": {"binWidth": 25}, "voxelSetting": {"kernelRadius": 1}},
    "radius 2, not masked": {
        "setting": {"binCount": 12},
        "voxelSetting": {"kernelRadius": 2, "maskedKernel": False, "initValue": -5},
    },
    "in slices": {
        "setting": {"binWidth": 25, "force2D": True, "weightingNorm": "euclidean"},
        "voxelSetting": {"kernelRadius": 1},
    },
}
EVERY = {"radius 1": 67, "radius 2, not masked": 331, "in slices": 331, "of filtered images": 331}
FILTERED = "of filtered images"
RUNS[FILTERED] = {
    "setting": {"binCount": 16},
    "imageType": {"LoG": {"sigma": [3.0]}, "Wavelet": {}},
    "voxelSetting": {"kernelRadius": 1, "maskedKernel": False},
}
# Of as many images a few features each.
FEW = {"firstorder": ["Mean", "Entropy"], "glcm": ["Contrast", "Correlation"]}

def rounded(value):
    """12 digits; a missing value is null."""
    return None if value != value else float("%.12g" % value)


runs = []
for name, parameters in RUNS.items():
    extractor = featureextractor.RadiomicsFeatureExtractor(
        {
            "imageType": {"Original": {}},
            **parameters,
            "featureClass": FEW if name == FILTERED else {c: None for c in CLASSES},
        }
    )
    extractor.settings["voxelBatch"] = 500
    extractor.enabledFeatures["glcm"] = FEW["glcm"] if name == FILTERED else [
        f for f in radiomics.glcm.RadiomicsGLCM.getFeatureNames() if f not in ("MCC", "SumVariance", "Homogeneity1", "Homogeneity2", "Dissimilarity")
    ]
    found = extractor.execute(image, mask, voxelBased=True)
    maps = {key: value for key, value in found.items() if not key.startswith("diagnostics_")}
    indices = []
    n = 0
    for z in range(image.GetSize()[2]):
        for y in range(image.GetSize()[1]):
            for x in range(image.GetSize()[0]):
                if mask[x, y, z] != 1:
                    continue
                if n % EVERY[name] == 0:
                    indices.append((x, y, z))
                n += 1
    first = next(iter(maps.values()))
    points = [first.TransformPhysicalPointToIndex(image.TransformIndexToPhysicalPoint(i)) for i in indices]
    values = {key: [rounded(value[p]) for p in points] for key, value in maps.items()}
    runs.append({"name": name, "parameters": parameters, "indices": indices, "values": values})
    print(name, len(values), len(indices))

with open("test/support/feature-maps.json", "w") as file:
    json.dump({"source": "PyRadiomics 3.1.0, voxel-based", "runs": runs}, file)
    file.write("\n")
