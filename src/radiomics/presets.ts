/**
 * Options of extractors that published studies used, by the name of the study.
 *
 * Layer:  radiomics; imports settings (types).
 */
import type { PyradiomicsOptions } from "./pyradiomics/settings.js";

/** Options to hand to `radiomics.extractor`. */
export interface Presets {
  /**
   * The 851 features of Deep-RadScore: 14 of the shape, and 93 of the scan and of each of eight wavelet images (18 first-order, 24 GLCM,
   * 16 GLRLM, 16 GLSZM, 14 GLDM, 5 NGTDM). The study took them of the tumour and of the 3 mm around it, and names no
   * other setting: bins and wavelet are PyRadiomics' defaults, 25 and coif1.
   *
   * @example
   * const extract = radiomics.extractor(radiomics.presets.deepRadScore);
   */
  readonly deepRadScore: PyradiomicsOptions;
  /**
   * The 78 features of RGDL, radiomics-guided deep learning of survival: 14 of the shape, 18 first-order and 24 GLCM of 128 bins,
   * 16 GLSZM of 32 bins, without resampling, and 6 of the margin (`radiomics.marginCatalogue`).
   *
   * @example
   * const features = await radiomics.extractor(radiomics.presets.rgdl)(cohort);
   */
  readonly rgdl: PyradiomicsOptions;
}

export const presets: Presets = {
  deepRadScore: {
    convention: "pyradiomics",
    parameters: { imageType: { Original: {}, Wavelet: {} } },
  },
  rgdl: {
    convention: "pyradiomics",
    parameters: {
      setting: { binCount: 128 },
      featureClass: { shape: null, firstorder: null, glcm: null, glszm: null },
    },
    binCounts: { glszm: 32 },
    margin: true,
  },
};
