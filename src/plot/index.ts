/**
 * Everything that shows library objects: scans, survival curves, explanations.
 *
 * Layer:  plot; imports core, volume, table, model, explain.
 */
export { type BeeswarmOptions, beeswarm } from "./beeswarm.js";
export { Figure } from "./figure.js";
export { type ForestOptions, forest } from "./forest.js";
export type { WindowName } from "./grey-window.js";
export { type KaplanMeierFigureOptions, kaplanMeier } from "./kaplan-meier.js";
export type { GreyWindow } from "./mime.js";
export { VolumeView, type VolumeViewOptions, volume } from "./volume-view.js";
