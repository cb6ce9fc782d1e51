/**
 * Text as LaTeX takes it, with any engine: commands escaped, units and Greek letters spelled out.
 *
 * Layer:  table; imports nothing.
 */

/** One line of text for the body of a LaTeX document. */
export function escapeLatex(text: string): string {
  return (
    text
      .replace(/\s*[\r\n]+\s*/g, " ")
      // A hyphen before a number is a minus sign, but not inside a name or a date.
      .replace(/(?<![\w)])-(?=\.?\d)/g, "−")
      .replace(SPECIAL, (found) => LATEX.get(found) ?? raisedOrLowered(found) ?? `\\${found}`)
  );
}

/** Digits and signs of exponents, and indices, in the order of `PLAIN`. */
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖ";
const PLAIN = "0123456789+−ijk";

function raisedOrLowered(run: string): string | undefined {
  const isRaised = RAISED.includes(run.charAt(0));
  if (!isRaised && !LOWERED.includes(run.charAt(0))) return undefined;
  const alphabet = isRaised ? RAISED : LOWERED;
  const plain = Array.from(run, (digit) => PLAIN.charAt(alphabet.indexOf(digit))).join("");
  return `\\text${isRaised ? "super" : "sub"}script{${plain.replaceAll("−", "$-$")}}`;
}

const LATEX: ReadonlyMap<string, string> = new Map([
  ["\\", "\\textbackslash{}"],
  ["~", "\\textasciitilde{}"],
  ["^", "\\textasciicircum{}"],
  ["<", "$<$"],
  [">", "$>$"],
  ["|", "$|$"],
  ["±", "$\\pm$"],
  ["×", "$\\times$"],
  ["·", "$\\cdot$"],
  ["−", "$-$"],
  ["≤", "$\\leq$"],
  ["≥", "$\\geq$"],
  ["≠", "$\\neq$"],
  ["≈", "$\\approx$"],
  ["∞", "$\\infty$"],
  ["√", "$\\surd$"],
  ["→", "$\\rightarrow$"],
  ["←", "$\\leftarrow$"],
  ["°", "$^\\circ$"],
  ["…", "\\dots{}"],
  ["\u2003", "\\quad{}"],
  ...greek(),
]);

/** Signs of LATEX, runs of raised or of lowered signs, and what a backslash is put before. */
const SPECIAL = new RegExp(
  `[${[...LATEX.keys()].map((sign) => `\\${sign}`).join("")}]|[${RAISED}]+|[${LOWERED}]+|[&%$#_{}]`,
  "g",
);

/** Letters that look like Latin ones have no command of their own, and need none: nobody measures in omicron. */
function greek(): (readonly [string, string])[] {
  const names =
    "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi - pi rho varsigma sigma tau upsilon varphi chi psi omega";
  const small = names
    .split(" ")
    .map((name, at) => [String.fromCodePoint(0x3b1 + at), `$\\${name}$`] as const);
  const capitals = ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega"];
  const large = [..."ΓΔΘΛΞΠΣΦΨΩ"].map((letter, at) => [letter, `$\\${capitals[at]}$`] as const);
  return [...small.filter(([letter]) => letter !== "ο"), ...large, ["µ", "$\\mu$"]];
}
