"""Prints what highdicom reads in a DICOM segmentation, as JSON: number, label and SHA-256 of the voxels of every segment.

Needs: highdicom 0.28.   Run: python read-seg.py SEG FOLDER_OF_THE_SCAN
Voxels are x fastest, one byte each, on all slices of the scan, sorted by position.
"""
import hashlib
import json
import sys
import warnings
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom

warnings.simplefilter("ignore")
seg = hd.seg.segread(sys.argv[1])
slices = [pydicom.dcmread(file, stop_before_pixels=True) for file in Path(sys.argv[2]).iterdir()]
x, y = np.split(np.array(slices[0].ImageOrientationPatient, float), 2)
slices.sort(key=lambda ds: np.dot(np.cross(x, y), np.array(ds.ImagePositionPatient, float)))
numbers = list(seg.segment_numbers)
voxels = seg.get_pixels_by_source_instance([ds.SOPInstanceUID for ds in slices], segment_numbers=numbers)
print(
    json.dumps(
        [
            {
                "number": number,
                "label": seg.get_segment_description(number).segment_label,
                "voxels": int(voxels[..., n].sum()),
                "sha256": hashlib.sha256(np.ascontiguousarray(voxels[..., n]).astype(np.uint8).tobytes()).hexdigest(),
            }
            for n, number in enumerate(numbers)
        ]
    )
)
