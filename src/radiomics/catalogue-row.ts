/**
 * One line of the feature catalogue, as the families write it down.
 *
 * Layer:  radiomics; imports nothing.
 */

/** [name, IBSI code, what it is called, unit, formula, value where the formula has none]. `u` stands for the scan's unit. */
export type CatalogueRow = readonly [
  name: string,
  code: string,
  label: string,
  unit: string,
  formula: string,
  degenerate?: string,
];
