"""Makes test/support/dicom-seg: small DICOM segmentations written by highdicom, with the values that highdicom reads back.

Needs: highdicom 0.28 (and pylibjpeg-openjpeg for the packed one).   Run: python dicom-seg.py FOLDER
Two overlapping segments on 6 slices of 9 × 7 pixels; segment 1 lies on every second slice only. expected.json holds, by file and
segment, the share of each voxel (x fastest) as base64 of little-endian float32.
"""
import base64
import json
import sys
import warnings
from pathlib import Path

import highdicom as hd
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import UID, ExplicitVRLittleEndian

warnings.simplefilter("ignore")
SLICES, ROWS, COLUMNS = 6, 7, 9


def slice_at(z):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", f"1.2.3.{z + 10}"
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = "1.2", "1.2.3", "1.2.3.4"
    ds.PatientID, ds.PatientName, ds.PatientBirthDate, ds.PatientSex = "made", "Made^Up", "", ""
    ds.StudyDate, ds.StudyTime, ds.AccessionNumber, ds.StudyID = "20260101", "120000", "", ""
    ds.ReferringPhysicianName, ds.Modality, ds.SeriesNumber, ds.InstanceNumber = "", "CT", 1, z + 1
    ds.ImagePositionPatient, ds.ImageOrientationPatient = [-10, 20, 2.5 * z], [1, 0, 0, 0, 1, 0]
    ds.PixelSpacing, ds.SliceThickness = [0.5, 0.25], 2.5
    ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.BitsAllocated, ds.BitsStored, ds.HighBit = ROWS, COLUMNS, 1, 16, 12, 11
    ds.PixelRepresentation, ds.PhotometricInterpretation = 0, "MONOCHROME2"
    ds.PixelData = bytes(2 * ROWS * COLUMNS)
    return ds


def segment(number, label):
    return hd.seg.SegmentDescription(
        segment_number=number, segment_label=label, segmented_property_category=codes.SCT.Tissue,
        segmented_property_type=codes.SCT.Mass, algorithm_type="MANUAL")


def main(folder):
    rng = np.random.default_rng(11)
    source = [slice_at(z) for z in range(SLICES)]
    binary = np.zeros((SLICES, ROWS, COLUMNS, 2), np.uint8)
    binary[0:5:2, 1:5, 2:8, 0] = rng.random((3, 4, 6)) < 0.7
    binary[2:6, 2:7, 0:6, 1] = rng.random((4, 5, 6)) < 0.7
    expected = {}
    for name, kind, syntax in (("binary", "BINARY", "1.2.840.10008.1.2.1"), ("fractional", "FRACTIONAL", "1.2.840.10008.1.2.1"),
                               ("fractional-rle", "FRACTIONAL", "1.2.840.10008.1.2.5")):
        pixels = binary if kind == "BINARY" else (binary * rng.random(binary.shape)).astype(np.float32)
        options = {"fractional_type": "PROBABILITY"} if kind == "FRACTIONAL" else {}
        seg = hd.seg.Segmentation(
            source, pixels, kind, [segment(1, "Tumor"), segment(2, "Ödem")], f"2.25.{len(expected) + 5}", 2,
            f"2.25.{len(expected) + 50}", 1, "made", "up", "1", "1", transfer_syntax_uid=UID(syntax), **options)
        seg.save_as(folder / f"{name}.dcm")
        values = hd.seg.segread(folder / f"{name}.dcm").get_pixels_by_source_instance(
            [ds.SOPInstanceUID for ds in source], combine_segments=False,
            **({"rescale_fractional": True} if kind == "FRACTIONAL" else {}))
        expected[name] = {
            str(s + 1): base64.b64encode(np.ascontiguousarray(values[..., s]).astype("<f4").tobytes()).decode() for s in (0, 1)}
        print(name, (folder / f"{name}.dcm").stat().st_size)
    (folder / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
