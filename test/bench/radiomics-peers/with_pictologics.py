"""Times Pictologics: IMAGE MASK WORK(original|all) REPEATS THREADS -> JSON with the warm times in seconds."""
import json
import resource
import sys
import time
import warnings

import pictologics

warnings.simplefilter("ignore")
image_file, mask_file, work, repeats = sys.argv[1:5]
families = ["intensity", "texture", "histogram", "ivh"]
image = pictologics.load_image(image_file)
mask = pictologics.load_image(mask_file)
# Its bins need a start; so there are no empty levels below those of the region.
lowest = float(image.array[mask.array > 0].min() // 25 * 25)


def steps(filters, wanted):
    extract = {"families": wanted, "include_spatial_intensity": False, "include_local_intensity": True}
    return [
        *filters,
        {"step": "discretise", "params": {"method": "FBS", "bin_width": 25, "min_val": lowest}},
        {"step": "extract_features", "params": extract},
    ]


pipeline = pictologics.RadiomicsPipeline()
names = ["original"]
pipeline.add_config("original", steps([], ["morphology", *families]))
if work == "all":
    for letters in ("LLL", "LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH"):
        wavelet = {"type": "wavelet", "wavelet": "coif1", "level": 1, "decomposition": letters}
        pipeline.add_config(letters, steps([{"step": "filter", "params": wavelet}], families))
        names.append(letters)

seconds, cpu, features = [], [], {}
for _ in range(int(repeats)):
    fresh = [pictologics.Image(one.array.copy(), one.spacing, one.origin, one.direction) for one in (image, mask)]
    used = time.process_time()
    start = time.perf_counter()
    features = pipeline.run(*fresh, config_names=names)
    seconds.append(time.perf_counter() - start)
    cpu.append(time.process_time() - used)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
count = sum(len(one) for one in features.values())
print(json.dumps({"seconds": seconds, "cpu": cpu, "features": count, "peakMb": peak}))
