/**
 * Standardized uptake values (SUV) of PET: activity a volume, over the injected activity a weight.
 *
 * Source: QIBA, SUV vendor-neutral pseudo-code (qibawiki.rsna.org, "Standardized Uptake Value (SUV)"), and DICOM PS3.3 C.8.9.
 * Lean body mass: Janmahasatian et al. 2005, doi:10.2165/00003088-200544100-00004; James 1976 as in DICOM PS3.16 CID 85 (factor 128).
 * Body surface: Du Bois & Du Bois 1916.
 * Layer:  io; imports core.
 */
import type { DicomItem } from "./dicom-file.js";

/** By body weight, lean body mass (two formulas) or body surface. */
export type SuvKind = "bw" | "lbm-janmahasatian" | "lbm-james" | "bsa";

const UNITS: Readonly<Record<SuvKind, string>> = {
  bw: "SUVbw",
  "lbm-janmahasatian": "SUVlbm",
  "lbm-james": "SUVlbm",
  bsa: "SUVbsa",
};

const WEIGHT = "x00101030";
const HEIGHT = "x00101020";
const SEX = "x00100040";
const DOSE = "x00181074";
const HALF_LIFE = "x00181075";
const INJECTED = "x00181072";
const INJECTED_AT = "x00181078";
const PHILIPS_SUV = "x70531000";
const PHILIPS_ACTIVITY = "x70531009";

/** SUVbw and SUVlbm are g/mL, SUVbsa is cm²/mL. */
export function unitOfSuv(kind: SuvKind): string {
  return UNITS[kind];
}

/**
 * What the rescaled values of a PET file are multiplied by.
 *
 * @throws InputError naming the element that is missing or impossible, if the file is no PET, or was not corrected for decay.
 */
export function suvFactor(item: DicomItem, kind: SuvKind): number {
  if (item.string("x00080060") !== "PT") {
    throw item.fault(
      "x00080060",
      `is "${item.string("x00080060")}", but only PET has an SUV`,
      "Leave out { suv }.",
    );
  }
  const unit = item.string("x00541001");
  const bodyPerGram = body(item, kind) / (1000 * positive(item, WEIGHT, "the patient's weight in kg"));
  if (unit === "GML") {
    const type = item.string("x00541006");
    if (type === "" || type === "BW") return bodyPerGram; // by weight already
    throw item.fault(
      "x00541006",
      `is "${type}": these values are not by body weight`,
      "Read the series without { suv }.",
    );
  }
  if (unit === "CNTS") {
    if (item.has(PHILIPS_SUV)) return positive(item, PHILIPS_SUV, "it turns counts into SUV") * bodyPerGram;
    return (
      positive(item, PHILIPS_ACTIVITY, "it turns counts into Bq/mL") * (body(item, kind) / decayedDose(item))
    );
  }
  if (unit === "BQML") return body(item, kind) / decayedDose(item);
  throw item.fault(
    "x00541001",
    `is "${unit}"; BQML, GML and Philips' CNTS become SUV`,
    "Export the series in Bq/mL.",
  );
}

/** What the activity is spread over: grams, or cm² for the body surface. */
function body(item: DicomItem, kind: SuvKind): number {
  const kg = positive(item, WEIGHT, "the patient's weight in kg");
  if (kind === "bw") return 1000 * kg;
  const m = positive(item, HEIGHT, "the patient's height in m");
  if (m > 3) throw item.fault(HEIGHT, `is ${m} m, which is no height`, "Correct the header.");
  if (kind === "bsa") return 1e4 * 0.007184 * kg ** 0.425 * (100 * m) ** 0.725;
  const sex = item.string(SEX);
  if (sex !== "M" && sex !== "F") {
    throw item.fault(
      SEX,
      `is "${sex}", but lean body mass needs M or F`,
      'Use { suv: "bw" } or correct the header.',
    );
  }
  const bmi = kg / m ** 2;
  if (kind === "lbm-janmahasatian") {
    return (1000 * 9270 * kg) / (sex === "M" ? 6680 + 216 * bmi : 8780 + 244 * bmi);
  }
  const perHeight = (kg / (100 * m)) ** 2;
  return 1000 * (sex === "M" ? 1.1 * kg - 128 * perHeight : 1.07 * kg - 148 * perHeight);
}

/** The injected activity, Bq, at the time to which the voxels are corrected. */
function decayedDose(item: DicomItem): number {
  const corrected = item.string("x00280051").split("\\");
  for (const step of ["ATTN", "DECY"]) {
    if (corrected.includes(step)) continue;
    throw item.fault(
      "x00280051",
      `lacks ${step}: without that correction there is no SUV`,
      "Use the corrected series.",
    );
  }
  const tracer = item.items("x00540016")[0];
  if (tracer === undefined)
    throw item.fault("x00540016", "is missing, and with it the injected activity", REMEDY);
  const dose = positive(tracer, DOSE, "the injected activity in Bq");
  const decay = item.string("x00541102");
  if (decay === "ADMIN") return dose;
  if (decay !== "START") throw item.fault("x00541102", `is "${decay}"; START and ADMIN are read`, REMEDY);
  const halfLife = positive(tracer, HALF_LIFE, "in seconds");
  const start = scanStart(item, halfLife);
  const injected = injectionTime(tracer, item);
  const seconds = (start - injected) / 1000;
  if (seconds >= 0 && seconds < 86_400) return dose * 2 ** (-seconds / halfLife);
  throw tracer.fault(
    tracer.has(INJECTED_AT) ? INJECTED_AT : INJECTED,
    `lies ${(seconds / 3600).toFixed(1)} h before the start of the scan, which cannot be`,
    "Correct the header.",
  );
}

/**
 * The time to which `START` refers, ms. The series' own time, unless the series was made later than its pictures (then that is the
 * time of processing, and the start follows from the mean activity within a frame).
 */
function scanStart(item: DicomItem, halfLife: number): number {
  const series = timeOf(item, item, "x00080021", "x00080031");
  const acquired = timeOf(item, item, "x00080022", "x00080032");
  if (series <= acquired) return series;
  const seconds = positive(item, "x00181242", "the frame's duration in ms") / 1000;
  const [reference] = item.decimals("x00541300", 1) as [number];
  const decay = Math.LN2 / halfLife;
  const within = Math.log((decay * seconds) / (1 - Math.exp(-decay * seconds))) / decay;
  return acquired - reference + 1000 * within;
}

function injectionTime(tracer: DicomItem, item: DicomItem): number {
  const text = tracer.string(INJECTED_AT);
  if (text !== "") {
    // The zone is that of the other times of the file; most files leave it out.
    const time = parseTime(text.slice(0, 8), text.slice(8).replace(/[+-]\d{4}$/, ""));
    if (time !== null) return time;
    throw tracer.fault(INJECTED_AT, `is "${text.slice(0, 30)}", which is no date and time`, REMEDY);
  }
  // An older element without a date: that of the scan.
  return timeOf(item, tracer, item.has("x00080021") ? "x00080021" : "x00080022", INJECTED);
}

function timeOf(dateItem: DicomItem, timeItem: DicomItem, dateTag: string, timeTag: string): number {
  const time = parseTime(dateItem.string(dateTag), timeItem.string(timeTag));
  if (time !== null) return time;
  const hasDate = parseTime(dateItem.string(dateTag), "00") !== null;
  const [item, tag] = hasDate ? [timeItem, timeTag] : [dateItem, dateTag];
  throw item.fault(
    tag,
    item.has(tag)
      ? `is "${item.string(tag).slice(0, 30)}", which is no time`
      : "is missing, so the decay is not known",
    REMEDY,
  );
}

/** Date YYYYMMDD and time HHMMSS.ffffff (parts from the right may be missing) to ms, or null. */
function parseTime(date: string, time: string): number | null {
  const day = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date);
  const clock = /^(\d{2}):?(\d{2})?:?(\d{2}(?:\.\d*)?)?$/.exec(time);
  if (day === null || clock === null) return null;
  const [, hour = "0", minute = "0", second = "0"] = clock;
  const midnight = Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]));
  return midnight + 1000 * (3600 * Number(hour) + 60 * Number(minute) + Number(second));
}

const REMEDY = "Correct the header, or read the series without { suv } and scale it yourself.";

function positive(item: DicomItem, tag: string, meaning: string): number {
  const [value] = item.decimalList(tag);
  if (value !== undefined && value > 0) return value;
  throw item.fault(tag, `${value === undefined ? "is missing" : `is ${value}`} (${meaning})`, REMEDY);
}
