/**
 * How much each time counts in a log-rank test.
 *
 * Source: Klein & Moeschberger, Survival Analysis, 2003, section 7.3; Harrington & Fleming 1982, doi:10.1093/biomet/69.3.553.
 * Layer:  model; imports core.
 */
import { InputError } from "../core/errors.js";

/**
 * "gehan-breslow": n; "tarone-ware": √n; "peto-peto": S̃(t), the product of 1 − d / (n + 1); "modified-peto-peto" (Andersen):
 * S̃(t) n / (n + 1).
 */
export type LogRankWeights = "gehan-breslow" | "tarone-ware" | "peto-peto" | "modified-peto-peto";

export interface LogRankWeightOptions {
  readonly rho?: number;
  readonly gamma?: number;
  readonly weights?: LogRankWeights;
}

/** Weight of a time from S(t−), S̃(t) and the number at risk. */
export type WeightOf = (survival: number, peto: number, atRisk: number) => number;

const NAMED: Readonly<Record<LogRankWeights, { readonly test: string; readonly of: WeightOf }>> = {
  "gehan-breslow": { test: "Gehan–Breslow", of: (_s, _peto, n) => n },
  "tarone-ware": { test: "Tarone–Ware", of: (_s, _peto, n) => Math.sqrt(n) },
  "peto-peto": { test: "Peto–Peto", of: (_s, peto) => peto },
  "modified-peto-peto": { test: "Modified Peto–Peto", of: (_s, peto, n) => (peto * n) / (n + 1) },
};

/** @throws InputError if a power is not finite, gamma is negative, the name is unknown, or both are given. */
export function logRankWeight({ rho = 0, gamma = 0, weights }: LogRankWeightOptions): {
  readonly test: string;
  readonly of: WeightOf;
} {
  if (!Number.isFinite(rho)) throw new InputError(`rho must be a finite number, found ${rho}.`);
  if (!(gamma >= 0 && Number.isFinite(gamma))) {
    throw new InputError(`gamma must be a finite number from 0 on, found ${gamma}.`);
  }
  if (weights === undefined) {
    if (rho === 0 && gamma === 0) return { test: "Log-rank", of: () => 1 };
    const test = `Weighted log-rank (ρ = ${rho}${gamma === 0 ? "" : `, γ = ${gamma}`})`;
    return { test, of: (survival) => survival ** rho * (1 - survival) ** gamma };
  }
  if (rho !== 0 || gamma !== 0) {
    throw new InputError(`give weights "${weights}" or rho and gamma, not both.`);
  }
  const named = NAMED[weights];
  if (named !== undefined) return named;
  throw new InputError(
    `weights must be one of ${Object.keys(NAMED).join(", ")}, found "${String(weights)}".`,
  );
}
