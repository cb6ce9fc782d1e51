/**
 * The speed table of feature extraction, beside its peers in the same run: PyRadiomics and Pictologics, one thread each.
 *
 * Radbook follows the peer: the pyradiomics convention beside PyRadiomics, the ibsi convention beside Pictologics.
 */
import {
  type Measured,
  measure,
  measureProcess,
  type Program,
  pictologics,
  pyradiomics,
  radbook,
  radbookCommand,
  type Scan,
  scans,
  type Work,
  wholeCommand,
} from "./radiomics-support.js";

const TITLES: Readonly<Record<Work, string>> = {
  original: "original",
  all: "with 8 wavelet maps",
  map: "GLCM maps, 3×3×3",
};

/** Prints the table. A ratio below 1 is faster than the peer; that of processor time holds on a busy machine too. */
export async function bench(): Promise<void> {
  const { chest, brain, large } = await scans();
  const there = [chest, brain, large].filter((scan) => scan !== null);
  const slow = pyradiomics();
  const fast = pictologics();
  process.stdout.write(
    "| scan, work | peer | peer, s (processor) | Radbook, s (processor) | ratio (processor) | peak MB |\n|---|---|---|---|---|---|\n",
  );
  const row = (scan: Scan, work: Work, peer: Program | null, threads = 1): void => {
    if (peer === null) return;
    const convention = peer === slow ? "pyradiomics" : "ibsi";
    const theirs = measure(peer, scan, work);
    const ours = measure(radbook(convention), scan, work, threads);
    const title = `${scan.name}, ${TITLES[work]}${threads === 1 ? "" : `, ${threads} threads to one`}`;
    print(title, `${peer.name} (${theirs.features} values; ${ours.features})`, theirs, ours);
    process.stdout.write(` ${theirs.peakMb.toFixed(0)}; ${ours.peakMb.toFixed(0)} |\n`);
  };
  for (const scan of there) for (const work of ["original", "all"] as const) row(scan, work, fast);
  for (const scan of there) row(scan, "all", fast, 2);
  for (const scan of there) {
    for (const work of ["original", "all"] as const) {
      if (fast === null) continue;
      const theirs = measureProcess(wholeCommand(fast, scan, work));
      const ours = measureProcess(radbookCommand(work, scan));
      print(`${scan.name}, ${TITLES[work]}, from process start`, fast.name, theirs, ours);
      process.stdout.write(` ${theirs.peakMb.toFixed(0)}; ${ours.peakMb.toFixed(0)} |\n`);
    }
  }
  if (brain !== null) row(brain, "map", slow);
  for (const scan of there) for (const work of ["original", "all"] as const) row(scan, work, slow);
}

type Times = Pick<Measured, "seconds" | "cpu">;

function print(title: string, peer: string, theirs: Times, ours: Times): void {
  const both = ({ seconds, cpu }: Times): string => `${seconds.toPrecision(3)} (${cpu.toPrecision(3)})`;
  const ratio = (of: "seconds" | "cpu"): string => (ours[of] / theirs[of]).toFixed(4);
  process.stdout.write(
    `| ${title} | ${peer} | ${both(theirs)} | ${both(ours)} | ${ratio("seconds")} (${ratio("cpu")}) |`,
  );
}
