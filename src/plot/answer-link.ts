/**
 * A model's answers on the scale that people read: log odds as probabilities, logs as what they are the logs of.
 *
 * Layer:  plot; imports core, explain (types).
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { Explanation } from "../explain/explanation.js";
import { numbers, withUnit } from "./marks.js";

/** "logit" shows log odds as probabilities; "log" shows a log hazard as a hazard, a log probability as a probability. */
export type AnswerLink = "logit" | "log";

export interface LinkOptions {
  /** Default none: answers in the unit in which the SHAP values add up. Lengths stay those of the SHAP values. */
  readonly link?: AnswerLink;
}

/** How answers are written. */
export interface AnswerScale {
  /** Unit that is written, "" for none. */
  readonly unit: string;
  /** What is written for an answer. */
  readonly shown: (answer: number) => number;
  /** Channel of answers: places are those of the SHAP values' unit, labels are linked. */
  readonly axis: (field: string, domain: readonly [number, number]) => Json;
}

const NAME = "Model's answer";
const MOST_TICKS = 7;

/** @throws InputError if the answers are no logs of the kind. */
export function answerScale({ outputUnit }: Explanation, link: AnswerLink | undefined): AnswerScale {
  if (link === undefined) {
    return {
      unit: outputUnit,
      shown: (answer) => answer,
      axis: (field, domain) => numbers(field, { title: withUnit(NAME, outputUnit), domain }),
    };
  }
  if (link !== "logit" && link !== "log") {
    throw new InputError(`the link must be "logit" or "log", found ${JSON.stringify(link)}.`);
  }
  const start = link === "logit" ? "log odds" : "log ";
  if (!outputUnit.startsWith(start) || (link === "log" && outputUnit.startsWith("log odds"))) {
    const fits = link === "logit" ? "log odds" : "a log, for example log hazard,";
    throw new InputError(
      `link "${link}" needs answers that are ${fits} but they are in "${outputUnit}". Leave the link out.`,
    );
  }
  const unit =
    link === "logit" ? outputUnit.replace(/^log odds/, "probability") : outputUnit.replace(/^log /, "");
  return {
    unit,
    shown: link === "logit" ? probabilityOf : Math.exp,
    axis: (field, domain) => {
      const axis = numbers(field, { title: withUnit(NAME, unit), domain, ticks: ticksOf(link, domain) });
      const written = link === "logit" ? "1 / (1 + exp(-datum.value))" : "exp(datum.value)";
      const { axis: look, ...rest } = axis as { readonly [key: string]: Json };
      return {
        ...rest,
        axis: { ...(look as object), labelExpr: `format(${written}, '.4~r')` },
      } as unknown as Json;
    },
  };
}

export function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** Round probabilities or numbers inside the domain, thinned to a few; in the unit of the answers. */
function ticksOf(link: AnswerLink, [low, high]: readonly [number, number]): readonly number[] {
  const candidates =
    link === "logit"
      ? [
          0.0001, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99,
          0.999, 0.9999,
        ].map((share) => Math.log(share / (1 - share)))
      : Array.from({ length: 61 }, (_, at) => 10 ** Math.floor(at / 3 - 10) * [1, 2, 5][at % 3]).map(
          Math.log,
        );
  const inside = candidates.filter((value) => value >= low && value <= high);
  // Ends of labels must not meet: a tick needs its share of the axis.
  const apart = (high - low) / MOST_TICKS / 1.6;
  const chosen: number[] = [];
  const middle = (low + high) / 2;
  for (const value of [...inside].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))) {
    if (chosen.every((other) => Math.abs(other - value) >= apart)) chosen.push(value);
  }
  return chosen.sort((a, b) => a - b);
}
