/**
 * What is chosen in an exported page: one model for all its figures and tables, with the bar that tells it.
 *
 * Layer:  labextension, page; imports output, selection.
 */
import { selectionBar } from "../selection/bar.js";
import { type Choice, lonelyChoice } from "../selection/choice.js";

let choice: Choice | null = null;

/** The page's choice; the first view that asks brings the bar. */
export function pageChoice(): Choice {
  if (choice !== null) return choice;
  choice = lonelyChoice();
  document.body.append(selectionBar(choice.model));
  return choice;
}
