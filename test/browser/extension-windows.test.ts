/** The viewer's grey windows without a browser: the library's, and the one that a reader has set. */
import assert from "node:assert/strict";
import { setViewerSettings } from "../../labextension/src/volume/settings.js";
import { initialState, windowPresets } from "../../labextension/src/volume/state.js";
import { WINDOWS } from "../../src/plot/grey-window.js";
import { smallScan } from "./extension-payloads.js";

describe("the scan viewer's windows", () => {
  it("are the library's, for scans in HU and in SUV", () => {
    const { suv, ...ofCt } = WINDOWS;
    const named = (unit: string): Map<string, unknown> =>
      new Map(
        windowPresets({ ...smallScan(), unit }).map(({ name, center, width }) => [name, { center, width }]),
      );
    for (const [name, window] of Object.entries(ofCt)) assert.deepEqual(named("HU").get(name), window);
    assert.deepEqual(named("SUVbw").get("suv"), suv);
    assert.deepEqual([...named("").keys()], ["given", "full"]);
  });

  it("are opened by the reader's setting where the scan has that window", () => {
    setViewerSettings({ window: "lung", palette: "inverted" });
    try {
      const lung = initialState(smallScan(), [0, 0, 0]);
      assert.deepEqual([lung.preset, lung.window, lung.palette], ["lung", WINDOWS.lung, "inverted"]);
      const other = initialState({ ...smallScan(), unit: "" }, [0, 0, 0]);
      assert.deepEqual([other.preset, other.window], ["given", smallScan().window]);
    } finally {
      setViewerSettings({});
    }
  });
});
