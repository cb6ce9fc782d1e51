"""Times PyRadiomics: IMAGE MASK WORK(original|all) REPEATS -> JSON with the warm times in seconds."""
import json
import logging
import sys
import time

import SimpleITK as sitk
from radiomics import featureextractor

logging.getLogger("radiomics").setLevel(logging.ERROR)
image_file, mask_file, work, repeats = sys.argv[1:5]
extractor = featureextractor.RadiomicsFeatureExtractor(binWidth=25)
if work == "all":
    extractor.enableImageTypeByName("Wavelet")
image, mask = sitk.ReadImage(image_file), sitk.ReadImage(mask_file)
seconds, cpu, features = [], [], {}
for _ in range(int(repeats)):
    fresh_image, fresh_mask = sitk.Image(image) * 1, sitk.Image(mask) * 1
    used = time.process_time()
    start = time.perf_counter()
    features = extractor.execute(fresh_image, fresh_mask)
    seconds.append(time.perf_counter() - start)
    cpu.append(time.process_time() - used)
count = sum(not name.startswith("diagnostics") for name in features)
print(json.dumps({"seconds": seconds, "cpu": cpu, "features": count}))
