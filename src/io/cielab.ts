/**
 * Colors of DICOM segments: CIELab in 16-bit steps, to and from sRGB.
 *
 * Source: DICOM PS3.3 C.10.7.1.1 (steps; white point D50), IEC 61966-2-1 (sRGB), Bradford adaptation from D50 to D65.
 * Layer:  io; imports nothing.
 */

/** Red, green, blue: 0 to 255. */
export type Rgb = readonly [number, number, number];

const WHITE_D50 = [0.9642, 1, 0.8251] as const;
/** sRGB of D65 seen under D50. */
const TO_XYZ = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
] as const;
const TO_RGB = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;
const CUBE = 216 / 24389;
const LINE = 24389 / 27;

/** L of 0 to 100, a and b of −128 to 127, each as 0 to 65535. */
export function labOfRgb(rgb: Rgb): [number, number, number] {
  const linear = rgb.map((value) => {
    const v = value / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  const [x, y, z] = TO_XYZ.map((row, i) => {
    const t = (row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2]) / (WHITE_D50[i] as number);
    return t > CUBE ? Math.cbrt(t) : (LINE * t + 16) / 116;
  }) as [number, number, number];
  const step = (value: number, low: number, high: number): number =>
    Math.round(((Math.min(Math.max(value, low), high) - low) / (high - low)) * 65535);
  return [step(116 * y - 16, 0, 100), step(500 * (x - y), -128, 127), step(200 * (y - z), -128, 127)];
}

export function rgbOfLab([l16, a16, b16]: readonly [number, number, number]): Rgb {
  const y = ((l16 / 65535) * 100 + 16) / 116;
  const x = y + ((a16 / 65535) * 255 - 128) / 500;
  const z = y - ((b16 / 65535) * 255 - 128) / 200;
  const xyz = [x, y, z].map((f, i) => {
    const t = f ** 3 > CUBE ? f ** 3 : (116 * f - 16) / LINE;
    return t * (WHITE_D50[i] as number);
  }) as unknown as Rgb;
  return TO_RGB.map((row) => {
    const v = row[0] * xyz[0] + row[1] * xyz[1] + row[2] * xyz[2];
    const gamma = v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055;
    return Math.round(Math.min(Math.max(gamma, 0), 1) * 255);
  }) as unknown as Rgb;
}
