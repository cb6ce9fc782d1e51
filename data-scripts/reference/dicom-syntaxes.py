"""Makes test/support/dicom-syntaxes: one small picture in every transfer syntax that is read, by encoders of other hands.

Needs (any recent version): numpy pydicom pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg pylibjpeg-rle pyjpegls imagecodecs
Run:   python dicom-syntaxes.py FOLDER [SOURCE_FOLDER]

The pixels are ours: two waves and noise from seed 7, 37 columns by 35 rows, so that no side is a multiple of a block. `expected.json`
holds for each file the stored values that pydicom 3 decodes, as base64 of little-endian int32. With SOURCE_FOLDER, a folder of
one uncompressed CT series, the series is written in each syntax into a subfolder instead, for a check at full size.
"""
import base64
import json
import sys
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

ROWS, COLUMNS = 35, 37
DEFLATED = "1.2.840.10008.1.2.1.99"


def picture(bits, signed):
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    wave = 0.5 + 0.3 * np.sin(x / 5) * np.cos(y / 4) + 0.02 * rng.standard_normal((ROWS, COLUMNS))
    values = np.clip(np.round(wave * (2**bits - 1)), 0, 2**bits - 1).astype(np.int64)
    values[0, 0], values[-1, -1] = 0, 2**bits - 1
    if signed:
        values -= 2 ** (bits - 1)
    container = {(8, False): np.uint8, (16, False): np.uint16, (16, True): np.int16}[(8 if bits == 8 else 16, signed)]
    return values.astype(container)


def dataset(pixels, bits, number=1):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    meta.MediaStorageSOPInstanceUID = f"2.25.{number}"
    meta.ImplementationClassUID = "2.25.7"
    ds = Dataset()
    ds.file_meta, ds.preamble = meta, b"\0" * 128
    ds.SOPClassUID, ds.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = "2.25.2", "2.25.3", "2.25.4"
    ds.Modality, ds.PatientID, ds.SeriesDescription = "CT", "made", "syntax"
    ds.ImagePositionPatient, ds.ImageOrientationPatient = [0, 0, number], [1, 0, 0, 0, 1, 0]
    ds.PixelSpacing, ds.SliceThickness = [0.5, 0.25], 2
    ds.RescaleSlope, ds.RescaleIntercept = 1, 0
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows, ds.Columns = pixels.shape
    ds.BitsAllocated = 8 * pixels.dtype.itemsize
    ds.BitsStored, ds.HighBit = bits, bits - 1
    ds.PixelRepresentation = int(pixels.dtype.kind == "i")
    return ds


def compressed(ds, uid, stream):
    ds.file_meta.TransferSyntaxUID = UID(uid)
    ds.PixelData = encapsulate([stream])
    ds["PixelData"].VR = "OB"
    return ds


def native(ds, pixels, uid):
    ds.file_meta.TransferSyntaxUID = UID(uid)
    order = ">" if uid == ExplicitVRBigEndian else "<"
    ds.PixelData = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    if len(ds.PixelData) % 2:
        ds.PixelData += b"\0"
    ds["PixelData"].VR = "OB" if pixels.dtype.itemsize == 1 else "OW"
    return ds


def stored(pixels, bits):
    """The bits as the JPEG codecs see them: no sign."""
    return (pixels.astype(np.int64) & (2**bits - 1)).astype(np.uint8 if bits == 8 else np.uint16)


def by_pydicom(ds, pixels, uid, **options):
    native(ds, pixels, ExplicitVRLittleEndian)
    ds.compress(UID(uid), generate_instance_uid=False, **options)
    return ds


def files():
    """name, writer of a data set from pixels and bits, bits, signed"""
    tail = "1.2.840.10008.1.2.4."
    yield "implicit", lambda p, b, n: native(dataset(p, b, n), p, ImplicitVRLittleEndian), 16, True
    yield "explicit", lambda p, b, n: native(dataset(p, b, n), p, ExplicitVRLittleEndian), 12, False
    yield "explicit-8", lambda p, b, n: native(dataset(p, b, n), p, ExplicitVRLittleEndian), 8, False
    yield "big-endian", lambda p, b, n: native(dataset(p, b, n), p, ExplicitVRBigEndian), 16, True
    yield "big-endian-8", lambda p, b, n: native(dataset(p, b, n), p, ExplicitVRBigEndian), 8, False
    yield "deflated", lambda p, b, n: native(dataset(p, b, n), p, DEFLATED), 16, True
    yield "rle", lambda p, b, n: by_pydicom(dataset(p, b, n), p, "1.2.840.10008.1.2.5"), 16, True
    yield "rle-8", lambda p, b, n: by_pydicom(dataset(p, b, n), p, "1.2.840.10008.1.2.5"), 8, False
    yield "jpeg-baseline", lambda p, b, n: compressed(
        dataset(p, b, n), tail + "50", imagecodecs.jpeg8_encode(p, level=90)), 8, False
    yield "jpeg-extended-12", lambda p, b, n: compressed(
        dataset(p, b, n), tail + "51", imagecodecs.jpeg_encode(p, level=95, bitspersample=12)), 12, False
    for predictor in range(1, 8):
        yield f"jpeg-lossless-p{predictor}", lambda p, b, n, predictor=predictor: compressed(
            dataset(p, b, n), tail + "57",
            imagecodecs.jpeg_encode(stored(p, b), lossless=True, predictor=predictor, bitspersample=b)), 12, False
    yield "jpeg-lossless-sv1", lambda p, b, n: compressed(
        dataset(p, b, n), tail + "70", imagecodecs.ljpeg_encode(stored(p, b), bitspersample=b)), 16, True
    yield "jpeg-lossless-sv1-8", lambda p, b, n: compressed(
        dataset(p, b, n), tail + "70", imagecodecs.jpeg_encode(p, lossless=True, predictor=1, bitspersample=8)), 8, False
    yield "jpeg-ls", lambda p, b, n: by_pydicom(dataset(p, b, n), p, tail + "80"), 12, False
    yield "jpeg-ls-signed", lambda p, b, n: by_pydicom(dataset(p, b, n), p, tail + "80"), 16, True
    yield "jpeg-ls-8", lambda p, b, n: by_pydicom(dataset(p, b, n), p, tail + "80"), 8, False
    yield "jpeg-ls-near", lambda p, b, n: by_pydicom(dataset(p, b, n), p, tail + "81", jls_error=3), 12, False
    yield "jpeg-2000-lossless", lambda p, b, n: by_pydicom(dataset(p, b, n), p, tail + "90"), 16, True
    yield "jpeg-2000-lossless-12", lambda p, b, n: by_pydicom(dataset(p, b, n), p, tail + "90"), 12, False
    yield "jpeg-2000-lossless-8", lambda p, b, n: by_pydicom(dataset(p, b, n), p, tail + "90"), 8, False
    yield "jpeg-2000", lambda p, b, n: by_pydicom(dataset(p, b, n), p, tail + "91", j2k_cr=[4]), 12, False
    for number, name in (("201", "htj2k-lossless"), ("202", "htj2k-lossless-rpcl")):
        yield name, lambda p, b, n, number=number: compressed(
            dataset(p, b, n), tail + number, imagecodecs.htj2k_encode(p, reversible=True)), 16, True
    yield "htj2k", lambda p, b, n: compressed(
        dataset(p, b, n), tail + "203", imagecodecs.htj2k_encode(p, reversible=False)), 16, False


def write(ds, path):
    pydicom.dcmwrite(path, ds, enforce_file_format=True)


def small(folder):
    expected = {}
    for name, make, bits, signed in files():
        path = folder / f"{name}.dcm"
        pixels = picture(bits, signed)
        write(make(pixels, bits, 1), path)
        values = pydicom.dcmread(path).pixel_array
        error = int(np.abs(values.astype(np.int64) - pixels).max())
        print(f"{name:24} {path.stat().st_size:6} bytes, largest error {error}")
        expected[name] = base64.b64encode(values.astype("<i4").tobytes()).decode()
    (folder / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


def large(folder, source):
    slices = [pydicom.dcmread(path) for path in sorted(source.iterdir())]
    for name, make, bits, signed in files():
        if bits == 8:
            continue
        target = folder / name
        target.mkdir(exist_ok=True)
        for number, original in enumerate(slices):
            values = original.pixel_array.astype(np.int64)
            pixels = values.astype(np.int16) if signed else np.clip(values + 1100, 0, 4095).astype(np.uint16)
            ds = make(pixels, bits, number)
            ds.ImagePositionPatient, ds.PixelSpacing = original.ImagePositionPatient, original.PixelSpacing
            write(ds, target / f"{number:03}.dcm")
        volume = np.stack([pydicom.dcmread(path).pixel_array for path in sorted(target.iterdir())])
        positions = [float(s.ImagePositionPatient[2]) for s in slices]
        volume[np.argsort(positions)].astype("<i4").tofile(folder / f"{name}.i32")
        print(name, volume.shape)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        large(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        small(Path(sys.argv[1]))
