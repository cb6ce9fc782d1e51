/**
 * Names of the DICOM elements that are read, for error messages.
 *
 * Layer:  io; imports nothing.
 */

/** Keys as the parser writes them: `x` + group + element. */
const ELEMENT_NAMES: Readonly<Record<string, string>> = {
  x00080016: "SOPClassUID",
  x00080018: "SOPInstanceUID",
  x00080021: "SeriesDate",
  x00080022: "AcquisitionDate",
  x00080031: "SeriesTime",
  x00080032: "AcquisitionTime",
  x00080060: "Modality",
  x00100040: "PatientSex",
  x00101020: "PatientSize",
  x00101030: "PatientWeight",
  x00180050: "SliceThickness",
  x00181072: "RadiopharmaceuticalStartTime",
  x00181074: "RadionuclideTotalDose",
  x00181075: "RadionuclideHalfLife",
  x00181078: "RadiopharmaceuticalStartDateTime",
  x00181242: "ActualFrameDuration",
  x0020000e: "SeriesInstanceUID",
  x00200032: "ImagePositionPatient",
  x00200037: "ImageOrientationPatient",
  x00200052: "FrameOfReferenceUID",
  x00280002: "SamplesPerPixel",
  x00280004: "PhotometricInterpretation",
  x00280008: "NumberOfFrames",
  x00280010: "Rows",
  x00280011: "Columns",
  x00280030: "PixelSpacing",
  x00280051: "CorrectedImage",
  x00280100: "BitsAllocated",
  x00280101: "BitsStored",
  x00280102: "HighBit",
  x00280103: "PixelRepresentation",
  x00281052: "RescaleIntercept",
  x00281053: "RescaleSlope",
  x00289110: "PixelMeasuresSequence",
  x00209113: "PlanePositionSequence",
  x00209116: "PlaneOrientationSequence",
  x30060020: "StructureSetROISequence",
  x30060022: "ROINumber",
  x30060024: "ReferencedFrameOfReferenceUID",
  x30060026: "ROIName",
  x30060039: "ROIContourSequence",
  x30060040: "ContourSequence",
  x30060042: "ContourGeometricType",
  x30060050: "ContourData",
  x30060084: "ReferencedROINumber",
  x00540016: "RadiopharmaceuticalInformationSequence",
  x00541001: "Units",
  x00541006: "SUVType",
  x00541102: "DecayCorrection",
  x00541300: "FrameReferenceTime",
  x00620001: "SegmentationType",
  x00620002: "SegmentSequence",
  x00620004: "SegmentNumber",
  x00620005: "SegmentLabel",
  x0062000b: "ReferencedSegmentNumber",
  x0062000e: "MaximumFractionalValue",
  x52009230: "PerFrameFunctionalGroupsSequence",
  x70531000: "Philips' SUV scale factor",
  x70531009: "Philips' activity concentration scale factor",
  x7fe00008: "FloatPixelData",
  x7fe00010: "PixelData",
};

/** For example `Rows (0028,0010)`. */
export function describeTag(tag: string): string {
  const number = `(${tag.slice(1, 5)},${tag.slice(5)})`;
  const name = ELEMENT_NAMES[tag];
  return name === undefined ? `element ${number}` : `${name} ${number}`;
}
