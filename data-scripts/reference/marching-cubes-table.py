"""Prints the triangles that marching cubes makes of each of the 256 ways to set the corners of a cell.

Judge: scikit-image 0.24 (method "lewiner": T. Lewiner et al. 2003, doi:10.1080/10867651.2003.10487582), level 0.5.
The output is the array of src/radiomics/mesh-table.ts; with the argument "lorensen" it is that of
src/radiomics/pyradiomics/mesh-table.ts, the first 128 rows of the classic table.
Needs: pip install scikit-image==0.24.0 numpy==1.26.4
"""
import sys

import numpy as np
from skimage.measure import marching_cubes

CORNERS = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)]
EDGES = [(0, 1), (1, 2), (2, 3), (3, 0), (4, 5), (5, 6), (6, 7), (7, 4), (0, 4), (1, 5), (2, 6), (3, 7)]
POINTS = [(np.array(CORNERS[a]) + np.array(CORNERS[b])) / 2 for a, b in EDGES] + [np.array([0.5, 0.5, 0.5])]


def name_of(point):
    distances = [np.abs(point - p).max() for p in POINTS]
    nearest = int(np.argmin(distances))
    assert distances[nearest] < 1e-6, point
    return "0123456789abc"[nearest]


METHOD = sys.argv[1] if len(sys.argv) > 1 else "lewiner"
rows = []
for cell in range(256 if METHOD == "lewiner" else 128):
    if cell in (0, 255):
        rows.append("")
        continue
    values = np.zeros((2, 2, 2))
    for bit, (x, y, z) in enumerate(CORNERS):
        values[z, y, x] = cell >> bit & 1
    vertices, faces, _, _ = marching_cubes(values, 0.5, method=METHOD)
    vertices = vertices[:, ::-1]
    # Triangles come out counter-clockwise seen from outside (the side of the corners that are not set).
    rows.append("".join(name_of(vertices[v]) for face in faces for v in face))
line = "  "
for row in rows:
    item = f'"{row}", '
    if len(line) + len(item) > 110:
        print(line.rstrip())
        line = "  "
    line += item
print(line.rstrip())
