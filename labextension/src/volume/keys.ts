/**
 * What each key does in a pane: the list that the pane answers by, and that the help shows.
 *
 * Layer:  labextension, volume.
 */
import { type DragHost, draggedWindow } from "./drag.js";
import { placeEnd, removeChosen } from "./measure-drag.js";
import { moved, type PlaneView } from "./plane-view.js";
import { nearestHeld } from "./scan.js";
import type { Tool } from "./state.js";
import { pannedMiddle, zoomBy } from "./zoom.js";

/** What keys ask of the viewer beyond a new state. */
export interface KeyHost extends DragHost {
  reset(): void;
  choosePreset(index: number): void;
  toggleOutlines(): void;
  showHelp(): void;
}

export interface KeyAction {
  /** As `KeyboardEvent.key` names them, letters in lower case. */
  readonly keys: readonly string[];
  /** As the help shows them. */
  readonly shown: string;
  readonly says: string;
  readonly act: (plane: PlaneView, host: KeyHost, key: string, isShifted: boolean) => void;
}

const ARROWS: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export const PANE_KEYS: readonly KeyAction[] = [
  {
    keys: Object.keys(ARROWS),
    shown: "Arrows",
    says: "Move the crosshair by a voxel; with the window or pan tool, do what its drag does. Shift: by 10",
    act: arrow,
  },
  {
    keys: ["PageUp", "PageDown"],
    shown: "Page up, Page down",
    says: "Next and previous slice. Shift: by 10",
    act: (plane, _host, key, isShifted) =>
      plane.toSlice(plane.slice + (key === "PageUp" ? 1 : -1) * (isShifted ? 10 : 1)),
  },
  {
    keys: ["Home", "End"],
    shown: "Home, End",
    says: "First and last slice",
    act: (plane, _host, key) => plane.toSlice(key === "Home" ? 1 : Number.MAX_SAFE_INTEGER),
  },
  {
    keys: ["+", "=", "-"],
    shown: "+, −",
    says: "Zoom in and out",
    act: (_plane, host, key) => zoomBy(host, key === "-" ? 0.8 : 1.25),
  },
  toolKey("c", "crosshair", "Move the crosshair"),
  toolKey("w", "window", "Drag the grey window (also the right button)"),
  toolKey("p", "pan", "Pan (also the middle button, or Shift)"),
  toolKey("l", "length", "Measure a length"),
  toolKey("e", "ellipse", "Statistics in an ellipse"),
  toolKey("b", "rectangle", "Statistics in a rectangle"),
  {
    keys: ["Enter", " "],
    shown: "Enter",
    says: "With a measuring tool: place the first, then the second end at the crosshair",
    act: (plane, host) => placeEnd(plane, host),
  },
  {
    keys: ["Delete", "Backspace"],
    shown: "Delete",
    says: "Delete the chosen measurement",
    act: (_plane, host) => removeChosen(host),
  },
  {
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    shown: "1 … 9",
    says: "Choose a grey window of the list",
    act: (_plane, host, key) => host.choosePreset(Number(key) - 1),
  },
  {
    keys: ["i"],
    shown: "I",
    says: "Invert the grey values",
    act: (_plane, host) =>
      host.change({ palette: host.frame.state.palette === "inverted" ? "grey" : "inverted" }),
  },
  {
    keys: ["o"],
    shown: "O",
    says: "Show or hide all regions",
    act: (_plane, host) => host.toggleOutlines(),
  },
  {
    keys: ["m"],
    shown: "M",
    says: "Enlarge the pane, or show all again (also a double click)",
    act: (plane, host) => host.toggleEnlarged(plane.name),
  },
  { keys: ["r"], shown: "R", says: "Reset the view", act: (_plane, host) => host.reset() },
  { keys: ["?"], shown: "?", says: "Show this list", act: (_plane, host) => host.showHelp() },
  {
    keys: ["Escape"],
    shown: "Esc",
    says: "Give up the measurement that is being drawn; else leave the pane, so that the page scrolls again",
    act: (plane, host) => {
      if (host.frame.state.draft === null) plane.canvas.blur();
      else host.change({ draft: null });
    },
  },
];

/** The action of a key press; none with Ctrl, Alt or the command key, which are the browser's. */
export function actionOf(event: KeyboardEvent): KeyAction | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  return PANE_KEYS.find(({ keys }) => keys.includes(keyOf(event)));
}

/** A letter is the same with and without Shift. */
export function keyOf({ key }: KeyboardEvent): string {
  return key.length === 1 ? key.toLowerCase() : key;
}

function toolKey(key: string, tool: Tool, says: string): KeyAction {
  const act: KeyAction["act"] = (_plane, host) => host.change({ tool, draft: null });
  return { keys: [key], shown: key.toUpperCase(), says, act };
}

function arrow(plane: PlaneView, host: KeyHost, key: string, isShifted: boolean): void {
  const { state, scan } = host.frame;
  const many = isShifted ? 10 : 1;
  const [right, down] = (ARROWS[key] ?? [0, 0]).map((steps) => steps * many) as [number, number];
  if (state.tool === "window") {
    const window = draggedWindow(state.window, host.span, 10 * right, 10 * down);
    host.change({ window, preset: "custom" });
  } else if (state.tool === "pan") {
    const pixels = 20 * plane.ratio;
    host.change({ middle: pannedMiddle(plane, state.middle, right * pixels, down * pixels) });
  } else {
    const across = moved(state.cursor, plane.axes.right, right * scan.step);
    host.change({ cursor: nearestHeld(scan, moved(across, plane.axes.down, down * scan.step)) });
  }
}
