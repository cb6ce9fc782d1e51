/**
 * What can be chosen of a decision plot.
 *
 * Layer:  plot; imports table (types).
 */
import type { Labels } from "../table/labels.js";
import type { LinkOptions } from "./answer-link.js";
import type { TitleOptions } from "./marks.js";
import type { FeatureRowOptions } from "./shap-columns.js";

export interface ShapDecisionOptions extends TitleOptions, FeatureRowOptions, LinkOptions {
  /** Whose lines are drawn; default all, of more than 300 a sample. */
  readonly ids?: readonly string[];
  /** Whose answers for all classes are drawn, where there is an explanation for each class. */
  readonly patient?: string;
  /** Patients, or classes of one patient, whose lines are thick and dashed. */
  readonly highlight?: readonly string[];
  /**
   * What is true of each patient: highlights those whose answer is on the wrong side of probability one half. The explained class
   * is that of the explanation's unit, for example "log odds of yes".
   */
  readonly truth?: Labels;
  /** Another base, for example the log odds at which a decision turns; the difference is shared among the features. */
  readonly base?: number;
  /** Ends of the axis in the unit of the SHAP values, so that several figures can be compared. Default: all lines fit. */
  readonly range?: readonly [low: number, high: number];
  /** True: colors tell the patients apart, with a legend, where at most 7 are drawn. Default: color is the answer. */
  readonly legend?: boolean;
}
