/**
 * Judges a figure's payload: a chart may hold data and marks, but never an address to fetch or a link to follow.
 *
 * Layer:  labextension, figure; imports output, selection.
 */
import type { FigureGroups, FigurePayload } from "../../../src/plot/mime.js";
import { checkList, checkObject, checkText, checkVersion, fail } from "../output/check.js";
import { PayloadError } from "../output/payload-error.js";
import { cleanIds, MOST_IDS } from "../selection/model.js";
import { checkColors } from "./dark.js";

const DEEPEST = 64;
const MOST_GROUPS = 1_000;

/** @throws PayloadError that says what is wrong, in words for the reader of the notebook. */
export function checkFigurePayload(value: unknown): FigurePayload {
  const raw = checkObject(value, "the figure");
  checkVersion(raw.version);
  const kind = raw.kind;
  if (typeof kind !== "string") fail("the figure's kind", "text");
  const spec = checkObject(raw.spec, "the figure's specification");
  refuseAddresses(spec, 0);
  return {
    version: 1,
    kind: kind as FigurePayload["kind"],
    alternative: checkText(raw.alternative, "the figure's text alternative", 5000),
    spec: spec as FigurePayload["spec"],
    ...(raw.dark === undefined ? {} : { dark: checkColors(raw.dark) }),
    ...(raw.groups === undefined ? {} : { groups: checkGroups(raw.groups) }),
  };
}

/** What is no id is left out: the figure can be drawn all the same. */
function checkGroups(value: unknown): FigureGroups {
  const entries = Object.entries(checkObject(value, "the figure's groups")).slice(0, MOST_GROUPS);
  return Object.fromEntries(
    entries.map(([name, ids]) => [name, cleanIds(checkList(ids, MOST_IDS, "a group's patients"))]),
  );
}

/** Specifications come from strangers; what could fetch is refused before Vega sees it. */
function refuseAddresses(value: unknown, depth: number): void {
  if (depth > DEEPEST) fail("the figure's specification", "less deeply nested");
  if (typeof value === "string") {
    if (/url\s*\(|javascript:/i.test(value)) refuse();
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) refuseAddresses(item, depth + 1);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (["url", "href", "__proto__"].includes(key)) refuse();
    if ((key === "mark" || key === "type") && item === "image") refuse();
    refuseAddresses(item, depth + 1);
  }
}

function refuse(): never {
  throw new PayloadError(
    "This figure asks for an address outside the notebook, so only its picture is shown. Run the cell again.",
  );
}
