/**
 * The script of exported pages with embedded scans: `setup/page.mjs` bundles it, the template in `setup/nbconvert`
 * takes it in.
 *
 * Layer:  labextension, page; imports volume, output.
 */
import type { VolumeMime } from "../../../src/plot/mime.js";
import { element } from "../output/dom.js";
import { readHeat } from "../volume/heat.js";
import { checkVolumePayload } from "../volume/payload.js";
import { readRegions } from "../volume/region.js";
import { embeddedScan } from "../volume/scan.js";
import { Viewer } from "../volume/viewer.js";
import { showPayloads } from "./payloads.js";

const MIME: VolumeMime = "application/vnd.radbook.volume+json";

showPayloads(MIME, async (raw) => {
  const payload = checkVolumePayload(raw);
  if (payload.embedded === undefined) return null;
  const [part, regions, heat] = await Promise.all([
    embeddedScan(payload, payload.embedded),
    readRegions(payload),
    readHeat(payload),
  ]);
  return element("div", "rb-Volume", {}, new Viewer(payload, part, regions, heat).element);
});
