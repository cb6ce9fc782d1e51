"""Times PyRadiomics: IMAGE MASK WORK(original|all|map) REPEATS THREADS -> JSON with the warm times in seconds."""
import json
import logging
import resource
import sys
import time

import SimpleITK as sitk
from radiomics import featureextractor, glcm

logging.getLogger("radiomics").setLevel(logging.ERROR)
image_file, mask_file, work, repeats = sys.argv[1:5]
extractor = featureextractor.RadiomicsFeatureExtractor(binWidth=25)
if work == "all":
    extractor.enableImageTypeByName("Wavelet")
if work == "map":
    # It gives up on MCC.
    extractor.disableAllFeatures()
    every = glcm.RadiomicsGLCM.getFeatureNames()
    extractor.enableFeaturesByName(glcm=[name for name, old in every.items() if not old and name != "MCC"])
image, mask = sitk.ReadImage(image_file), sitk.ReadImage(mask_file)
seconds, cpu, features = [], [], {}
for _ in range(int(repeats)):
    fresh_image, fresh_mask = sitk.Image(image) * 1, sitk.Image(mask) * 1
    used = time.process_time()
    start = time.perf_counter()
    features = extractor.execute(fresh_image, fresh_mask, voxelBased=work == "map")
    seconds.append(time.perf_counter() - start)
    cpu.append(time.process_time() - used)
count = sum(not name.startswith("diagnostics") for name in features)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "cpu": cpu, "features": count, "peakMb": peak}))
