"""Writes test/support/mask-operations.json: masks and their morphology by SciPy, images on another grid by SimpleITK.

Needs numpy, scipy and SimpleITK. Bits are packed x fastest, most significant first, in base64.
Run from the top of the repository: python data-scripts/reference/mask-operations.py
"""
import base64
import json

import numpy as np
import SimpleITK as sitk
from scipy import ndimage as nd

random = np.random.default_rng(7)
SPACING = (0.8, 1.3, 2.5)  # x, y, z
SHAPE = (9, 12, 14)  # z, y, x


def bits(mask):
    return base64.b64encode(np.packbits(mask.astype(np.uint8).ravel()).tobytes()).decode()


def distance(mask):
    """mm from each voxel to the nearest voxel of the mask."""
    return nd.distance_transform_edt(~mask, sampling=SPACING[::-1])


def dilate(mask, mm):
    return distance(mask) <= mm * (1 + 1e-10)


def erode(mask, mm):
    return mask & (distance(~mask) > mm * (1 + 1e-10))


def largest(mask, rank):
    labels, _ = nd.label(mask, nd.generate_binary_structure(3, rank))
    return labels == 1 + np.argmax(np.bincount(labels.ravel())[1:])


def case(mask):
    results = {
        "dilate 2": dilate(mask, 2),
        "dilate 3": dilate(mask, 3),
        "erode 1.5": erode(mask, 1.5),
        "open 1.5": dilate(erode(mask, 1.5), 1.5),
        "close 2": erode(dilate(mask, 2), 2),
        "ring 3": dilate(mask, 3) & ~mask,
        "ring 3 inside 1.5": dilate(mask, 3) & ~erode(mask, 1.5),
        "largest 6": largest(mask, 1),
        "largest 18": largest(mask, 2),
        "largest 26": largest(mask, 3),
        "fill 26": nd.binary_fill_holes(mask, nd.generate_binary_structure(3, 1)),
        "fill 6": nd.binary_fill_holes(mask, nd.generate_binary_structure(3, 3)),
    }
    return {
        "mask": bits(mask),
        "results": {name: bits(result) for name, result in results.items()},
        "distances": [float(v) for v in distance(mask).ravel()[::7]],
    }


smooth = nd.gaussian_filter(random.normal(size=SHAPE), (0.7, 1.2, 1.6))
sparse = random.random(SHAPE) < 0.3
shell = (np.indices(SHAPE) - np.array([4, 6, 7])[:, None, None, None]) * np.array(SPACING[::-1])[:, None, None, None]
radius = np.sqrt((shell**2).sum(0))
cases = [case(smooth > 0.05), case(sparse), case((radius < 5.5) & (radius > 2.7))]

image = sitk.GetImageFromArray(random.normal(size=(7, 8, 9)))
image.SetSpacing((1.0, 1.5, 2.0))
image.SetOrigin((-4.0, 3.0, 10.0))
a, b = np.deg2rad(20), np.deg2rad(-35)
rotation = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]) @ np.array(
    [[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]
)
target = sitk.Image((6, 7, 5), sitk.sitkFloat64)
target.SetSpacing((1.3, 0.9, 1.7))
target.SetOrigin((-2.0, 4.0, 13.0))
target.SetDirection(rotation.ravel().tolist())
regridded = {}
for name, kind in (("linear", sitk.sitkLinear), ("cubic", sitk.sitkBSpline)):
    result = sitk.Resample(image, target, sitk.Transform(), kind, -99.0, sitk.sitkFloat64)
    regridded[name] = [float(v) for v in sitk.GetArrayFromImage(result).ravel()]


def geometry(of):
    return {
        "size": of.GetSize(),
        "spacing": of.GetSpacing(),
        "origin": of.GetOrigin(),
        "direction": of.GetDirection(),
    }


with open("test/support/mask-operations.json", "w") as file:
    json.dump(
        {
            "source": f"scipy {__import__('scipy').__version__}, SimpleITK {sitk.Version.VersionString()}",
            "size": SHAPE[::-1],
            "spacing": SPACING,
            "cases": cases,
            "regrid": {
                "voxels": [float(v) for v in sitk.GetArrayFromImage(image).ravel()],
                "from": geometry(image),
                "to": geometry(target),
                "outside": -99,
                "results": regridded,
            },
        },
        file,
    )
    file.write("\n")
