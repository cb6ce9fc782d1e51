/**
 * PyRadiomics' features: the 107 of a region and the 9 of a slice, under its names.
 *
 * Where PyRadiomics computes what IBSI defines, code, label, unit and formula are those of IBSI's catalogue.
 * Source: J. J. M. van Griethuysen et al., Cancer Research 77 (2017), doi:10.1158/0008-5472.CAN-17-0339; PyRadiomics 3.1.
 * Layer:  radiomics; imports catalogue.
 */
import { type Catalogue, type Family, catalogue as ibsi, makeCatalogue } from "../catalogue.js";

/** PyRadiomics' classes of features. */
export type FeatureClass = "shape" | "shape2D" | "firstorder" | "glcm" | "glrlm" | "glszm" | "gldm" | "ngtdm";

/** [name, IBSI code or "", formula where it is not IBSI's, unit of it] */
type Row = readonly [name: string, code: string, formula?: string, unit?: string];

const FAMILIES: Readonly<Record<FeatureClass, Family>> = {
  shape: "morphology",
  shape2D: "morphology",
  firstorder: "intensity statistics",
  glcm: "GLCM",
  glrlm: "GLRLM",
  glszm: "GLSZM",
  gldm: "NGLDM",
  ngtdm: "NGTDM",
};

const SHAPE: readonly Row[] = [
  ["Elongation", "Q3CK"],
  ["Flatness", "N17B"],
  ["LeastAxisLength", "7J51", "4√λ₃, λ of the covariance over N", "mm"],
  ["MajorAxisLength", "TDIC", "4√λ₁, λ of the covariance over N", "mm"],
  ["Maximum2DDiameterColumn", "", "largest distance of two mesh vertices with the same y", "mm"],
  ["Maximum2DDiameterRow", "", "largest distance of two mesh vertices with the same x", "mm"],
  ["Maximum2DDiameterSlice", "", "largest distance of two mesh vertices with the same z", "mm"],
  ["Maximum3DDiameter", "L0JK"],
  ["MeshVolume", "RNU0"],
  ["MinorAxisLength", "P9VJ", "4√λ₂, λ of the covariance over N", "mm"],
  ["Sphericity", "QCFX"],
  ["SurfaceArea", "C0JK"],
  ["SurfaceVolumeRatio", "2PR5"],
  ["VoxelVolume", "YEKZ"],
];

const SHAPE_2D: readonly Row[] = [
  ["Elongation", "", "√(λ₂ / λ₁), λ of the covariance over N"],
  ["MajorAxisLength", "", "4√λ₁", "mm"],
  ["MaximumDiameter", "", "largest distance of two vertices of the outline", "mm"],
  ["MeshSurface", "", "A, enclosed by the outline at level ½", "mm²"],
  ["MinorAxisLength", "", "4√λ₂", "mm"],
  ["Perimeter", "", "P, length of the outline", "mm"],
  ["PerimeterSurfaceRatio", "", "P / A", "mm⁻¹"],
  ["PixelSurface", "", "N × area of a voxel", "mm²"],
  ["Sphericity", "", "2√(π A) / P"],
];

const FIRST_ORDER: readonly Row[] = [
  ["10Percentile", "QG58"],
  ["90Percentile", "8DWT"],
  ["Energy", "N8CA", "Σ (x + voxelArrayShift)²", "u²"],
  ["Entropy", "TLU2"],
  ["InterquartileRange", "SALO"],
  ["Kurtosis", "IPH6", "m₄ / m₂², 3 more than IBSI's"],
  ["Maximum", "84IY"],
  ["MeanAbsoluteDeviation", "4FUA"],
  ["Mean", "Q4LE"],
  ["Median", "Y12H"],
  ["Minimum", "1GSF"],
  ["Range", "2OJQ"],
  ["RobustMeanAbsoluteDeviation", "1128"],
  ["RootMeanSquared", "5ZWQ", "√(mean (x + voxelArrayShift)²)", "u"],
  ["Skewness", "KE2A"],
  ["TotalEnergy", "", "Energy × voxel volume", "u² mm³"],
  ["Uniformity", "BJ5W"],
  ["Variance", "ECT3"],
];

const GLCM: readonly Row[] = [
  ["Autocorrelation", "QWB0"],
  ["ClusterProminence", "AE86"],
  ["ClusterShade", "7NFM"],
  ["ClusterTendency", "DG8W"],
  ["Contrast", "ACUI"],
  ["Correlation", "NI2N"],
  ["DifferenceAverage", "TF7R"],
  ["DifferenceEntropy", "NTRS"],
  ["DifferenceVariance", "D3YU"],
  ["Id", "IB1Z"],
  ["Idm", "WF0Z"],
  ["Idmn", "1QCO"],
  ["Idn", "NDRX"],
  ["Imc1", "R8DG"],
  ["Imc2", "JN9H"],
  ["InverseVariance", "E8JP"],
  ["JointAverage", "60VM"],
  ["JointEnergy", "8ZQL"],
  ["JointEntropy", "TU9B"],
  ["MCC", "", "√ second largest eigenvalue of Q, Qᵢⱼ = Σₖ pᵢₖ pⱼₖ / (pᵢ pₖ)"],
  ["MaximumProbability", "GYBY"],
  ["SumAverage", "ZGXS"],
  ["SumEntropy", "P6QZ"],
  ["SumSquares", "UR99"],
];

const GLRLM: readonly Row[] = [
  ["GrayLevelNonUniformity", "R5YN"],
  ["GrayLevelNonUniformityNormalized", "OVBL"],
  ["GrayLevelVariance", "8CE5"],
  ["HighGrayLevelRunEmphasis", "G3QZ"],
  ["LongRunEmphasis", "W4KF"],
  ["LongRunHighGrayLevelEmphasis", "3KUM"],
  ["LongRunLowGrayLevelEmphasis", "IVPO"],
  ["LowGrayLevelRunEmphasis", "V3SW"],
  ["RunEntropy", "HJ9O"],
  ["RunLengthNonUniformity", "W92Y"],
  ["RunLengthNonUniformityNormalized", "IC23"],
  ["RunPercentage", "9ZK5"],
  ["RunVariance", "SXLW"],
  ["ShortRunEmphasis", "22OV"],
  ["ShortRunHighGrayLevelEmphasis", "GD3A"],
  ["ShortRunLowGrayLevelEmphasis", "HTZT"],
];

const GLSZM: readonly Row[] = [
  ["GrayLevelNonUniformity", "JNSA"],
  ["GrayLevelNonUniformityNormalized", "Y1RO"],
  ["GrayLevelVariance", "BYLV"],
  ["HighGrayLevelZoneEmphasis", "5GN9"],
  ["LargeAreaEmphasis", "48P8"],
  ["LargeAreaHighGrayLevelEmphasis", "J17V"],
  ["LargeAreaLowGrayLevelEmphasis", "YH51"],
  ["LowGrayLevelZoneEmphasis", "XMSY"],
  ["SizeZoneNonUniformity", "4JP3"],
  ["SizeZoneNonUniformityNormalized", "VB3A"],
  ["SmallAreaEmphasis", "5QRC"],
  ["SmallAreaHighGrayLevelEmphasis", "HW1V"],
  ["SmallAreaLowGrayLevelEmphasis", "5RAI"],
  ["ZoneEntropy", "GU8N"],
  ["ZonePercentage", "P30P"],
  ["ZoneVariance", "3NSA"],
];

const GLDM: readonly Row[] = [
  ["DependenceEntropy", "FCBV"],
  ["DependenceNonUniformity", "Z87G"],
  ["DependenceNonUniformityNormalized", "OKJI"],
  ["DependenceVariance", "DNX2"],
  ["GrayLevelNonUniformity", "FP8K"],
  ["GrayLevelVariance", "1PFV"],
  ["HighGrayLevelEmphasis", "OAE7"],
  ["LargeDependenceEmphasis", "IMOQ"],
  ["LargeDependenceHighGrayLevelEmphasis", "9QMG"],
  ["LargeDependenceLowGrayLevelEmphasis", "NBZI"],
  ["LowGrayLevelEmphasis", "TL9H"],
  ["SmallDependenceEmphasis", "SODN"],
  ["SmallDependenceHighGrayLevelEmphasis", "JA6D"],
  ["SmallDependenceLowGrayLevelEmphasis", "EQ3F"],
];

const NGTDM: readonly Row[] = [
  ["Busyness", "NQ30"],
  ["Coarseness", "QCDE"],
  ["Complexity", "HDEZ"],
  ["Contrast", "65HE"],
  ["Strength", "1X9X"],
];

const CLASSES: Readonly<Record<FeatureClass, readonly Row[]>> = {
  shape: SHAPE,
  shape2D: SHAPE_2D,
  firstorder: FIRST_ORDER,
  glcm: GLCM,
  glrlm: GLRLM,
  glszm: GLSZM,
  gldm: GLDM,
  ngtdm: NGTDM,
};

export const FEATURE_CLASSES: readonly FeatureClass[] = Object.keys(CLASSES) as FeatureClass[];

/** PyRadiomics' features by class and name, e.g. "glcm_Contrast"; columns add the image: "original_glcm_Contrast". */
export const pyradiomicsCatalogue: Catalogue = makeCatalogue(
  FEATURE_CLASSES.flatMap((featureClass) => CLASSES[featureClass].map((row) => define(featureClass, row))),
  "PyRadiomics",
);

/** Names of a class, as PyRadiomics' parameter files give them. */
export function namesOf(featureClass: FeatureClass): readonly string[] {
  return CLASSES[featureClass].map(([name]) => name);
}

function define(
  featureClass: FeatureClass,
  [name, code, formula, unit = ""]: Row,
): Catalogue["features"][number] {
  const [known] = code === "" ? [] : ibsi.find(code);
  return {
    name: `${featureClass}_${name}`,
    code,
    label: known?.label ?? inWords(name),
    family: FAMILIES[featureClass],
    unit: formula === undefined ? (known?.unit ?? "") : unit,
    formula: formula ?? known?.formula ?? "",
    section: known?.section ?? "",
    degenerate: known?.degenerate ?? "",
  };
}

/** "PerimeterSurfaceRatio" → "Perimeter surface ratio"; "Maximum2DDiameterRow" → "Maximum 2D diameter row". */
function inWords(name: string): string {
  const words = name.match(/2D|[A-Z]+(?![a-z])|[A-Z][a-z]+/g) ?? [name];
  return words
    .map((word, n) => (n === 0 || /^(2D|[A-Z]+)$/.test(word) ? word : word.toLowerCase()))
    .join(" ");
}
