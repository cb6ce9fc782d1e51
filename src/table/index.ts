/**
 * Tables for the paper: the namespace `table` of notebooks.
 *
 * Layer:  table.
 */
export { type LatexOptions, toCsv, toHtml, toLatex } from "./export-table.js";
