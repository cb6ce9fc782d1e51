/**
 * Published values of the IBSI digital phantom for shape, first-order and 3D GLCM features: the consensus of the participating teams.
 *
 * Source: Image Biomarker Standardisation Initiative, reference manual, arXiv:1612.07003, and its table of reference values.
 * Layer:  io; imports nothing.
 */

/** One published value. A result agrees if it lies within `value ± tolerance`. */
export interface PublishedValue {
  /** IBSI code of the feature, e.g. "RNU0". */
  readonly code: string;
  readonly feature: string;
  readonly family: "morphology" | "statistics" | "glcm";
  /** How directions are combined; "" where there are none. */
  readonly aggregation: "" | "averaged" | "merged";
  readonly value: number;
  readonly tolerance: number;
}

/** Code, value, tolerance, name. */
const MORPHOLOGY = `
RNU0 556 4 Volume (mesh)
YEKZ 592 4 Volume (voxel counting)
C0JK 388 3 Surface area (mesh)
2PR5 0.698 0.004 Surface to volume ratio
SKGS 0.0411 0.0003 Compactness 1
BQWJ 0.599 0.004 Compactness 2
KRCK 1.19 0.01 Spherical disproportion
QCFX 0.843 0.005 Sphericity
25C7 0.186 0.001 Asphericity
KLMA 0.672 0.004 Centre of mass shift
L0JK 13.1 0.1 Maximum 3D diameter
TDIC 11.4 0.1 Major axis length
P9VJ 9.31 0.06 Minor axis length
7J51 8.54 0.05 Least axis length
Q3CK 0.816 0.005 Elongation
N17B 0.749 0.005 Flatness
PBX1 0.869 0.005 Volume density (AABB)
R59B 0.866 0.005 Area density (AABB)
6BDE 1.17 0.01 Volume density (AEE)
RDD2 1.36 0.01 Area density (AEE)
R3ER 0.961 0.006 Volume density (convex hull)
7T7F 1.03 0.01 Area density (convex hull)
99N0 1200 10 Integrated intensity
N365 0.0397 0.0003 Moran's I index
NPT7 0.974 0.006 Geary's C measure
`;

const STATISTICS = `
Q4LE 2.15 0 Mean
ECT3 3.05 0 Variance
KE2A 1.08 0 Skewness
IPH6 -0.355 0 (Excess) kurtosis
Y12H 1 0 Median
1GSF 1 0 Minimum
QG58 1 0 10th percentile
8DWT 4 0 90th percentile
84IY 6 0 Maximum
SALO 3 0 Interquartile range
2OJQ 5 0 Range
4FUA 1.55 0 Mean absolute deviation
1128 1.11 0 Robust mean absolute deviation
N72L 1.15 0 Median absolute deviation
7TET 0.812 0 Coefficient of variation
9S40 0.6 0 Quartile coefficient of dispersion
N8CA 567 0 Energy
5ZWQ 2.77 0 Root mean square
`;

const GLCM_AVERAGED = `
GYBY 0.503 0 Joint maximum
60VM 2.14 0 Joint average
UR99 3.1 0 Joint variance
TU9B 2.4 0 Joint entropy
TF7R 1.43 0 Difference average
D3YU 3.06 0 Difference variance
NTRS 1.56 0 Difference entropy
ZGXS 4.29 0 Sum average
OEEB 7.07 0 Sum variance
P6QZ 1.92 0 Sum entropy
8ZQL 0.303 0 Angular second moment
ACUI 5.32 0 Contrast
8S9J 1.43 0 Dissimilarity
IB1Z 0.677 0 Inverse difference
NDRX 0.851 0 Normalised inverse difference
WF0Z 0.618 0 Inverse difference moment
1QCO 0.898 0 Normalised inverse difference moment
E8JP 0.0604 0 Inverse variance
NI2N 0.157 0 Correlation
QWB0 5.06 0 Autocorrelation
DG8W 7.07 0 Cluster tendency
7NFM 16.6 0 Cluster shade
AE86 145 0 Cluster prominence
R8DG -0.157 0 Information correlation 1
JN9H 0.52 0 Information correlation 2
`;

const GLCM_MERGED = `
GYBY 0.509 0 Joint maximum
60VM 2.15 0 Joint average
UR99 3.13 0 Joint variance
TU9B 2.57 0 Joint entropy
TF7R 1.38 0 Difference average
D3YU 3.21 0 Difference variance
NTRS 1.64 0 Difference entropy
ZGXS 4.3 0 Sum average
OEEB 7.41 0 Sum variance
P6QZ 2.11 0 Sum entropy
8ZQL 0.291 0 Angular second moment
ACUI 5.12 0 Contrast
8S9J 1.38 0 Dissimilarity
IB1Z 0.688 0 Inverse difference
NDRX 0.856 0 Normalised inverse difference
WF0Z 0.631 0 Inverse difference moment
1QCO 0.902 0 Normalised inverse difference moment
E8JP 0.0574 0 Inverse variance
NI2N 0.183 0 Correlation
QWB0 5.19 0 Autocorrelation
DG8W 7.41 0 Cluster tendency
7NFM 17.4 0 Cluster shade
AE86 147 0 Cluster prominence
R8DG -0.0288 0 Information correlation 1
JN9H 0.269 0 Information correlation 2
`;

/** All values, family by family. */
export const PHANTOM_VALUES: readonly PublishedValue[] = [
  ...parse(MORPHOLOGY, "morphology", ""),
  ...parse(STATISTICS, "statistics", ""),
  ...parse(GLCM_AVERAGED, "glcm", "averaged"),
  ...parse(GLCM_MERGED, "glcm", "merged"),
];

function parse(
  lines: string,
  family: PublishedValue["family"],
  aggregation: PublishedValue["aggregation"],
): PublishedValue[] {
  return lines
    .trim()
    .split("\n")
    .map((line) => {
      const [code = "", value, tolerance, ...feature] = line.split(" ");
      return {
        code,
        feature: feature.join(" "),
        family,
        aggregation,
        value: Number(value),
        tolerance: Number(tolerance),
      };
    });
}
