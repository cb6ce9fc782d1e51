/**
 * The DICOM series of a folder as a table: a row per series.
 *
 * Layer:  io; imports core.
 */
import { type MimeBundle, type ShownTable, showAs, tableAs } from "../core/display.js";

/** What the header of one file says. */
export interface IndexedFile {
  readonly file: string;
  readonly bytes: number;
  readonly patient: string;
  readonly study: string;
  readonly series: string;
  readonly modality: string;
  readonly description: string;
  readonly studyDescription: string;
  /** YYYY-MM-DD, "" if unknown. */
  readonly date: string;
  /** 0 for objects without pixels. */
  readonly columns: number;
  readonly rows: number;
  readonly frames: number;
}

/** A DICOM file that could not be read, and why. */
export interface FileFailure {
  readonly file: string;
  readonly reason: string;
}

/** One series: what its first file says, and all its files. */
export interface SeriesEntry {
  /** Patient id. */
  readonly patient: string;
  /** Study instance UID. */
  readonly study: string;
  /** Series instance UID. */
  readonly series: string;
  readonly modality: string;
  readonly description: string;
  readonly studyDescription: string;
  /** Of the series, else of the study: YYYY-MM-DD, "" if unknown. */
  readonly date: string;
  /** Paths, sorted; `readDicom` takes them. */
  readonly files: readonly string[];
  /** Slices: frames of all files. */
  readonly slices: number;
  readonly columns: number;
  readonly rows: number;
  readonly bytes: number;
}

const SHOWN_ROWS = 12;
const SHOWN_FAILURES = 5;

/** Every series below a folder, by patient, study and date. */
export class FolderIndex {
  readonly folder: string;
  readonly series: readonly SeriesEntry[];
  /** DICOM files that could not be read. */
  readonly failures: readonly FileFailure[];
  /** Number of files that are no DICOM images or objects. */
  readonly otherFiles: number;

  constructor(
    folder: string,
    files: readonly IndexedFile[],
    failures: readonly FileFailure[],
    otherFiles: number,
  ) {
    this.folder = folder;
    this.series = seriesOf(files);
    this.failures = failures;
    this.otherFiles = otherFiles;
    showAs(this, () => this.#show());
    tableAs(this, () => this.#table());
  }

  /** Patient ids, sorted. */
  get patients(): readonly string[] {
    return [...new Set(this.series.map((entry) => entry.patient))];
  }

  /** Study instance UIDs, by patient. */
  get studies(): readonly string[] {
    return [...new Set(this.series.map((entry) => entry.study))];
  }

  #title(): string {
    const files = this.series.reduce((sum, entry) => sum + entry.files.length, 0);
    const broken = this.failures.length === 0 ? "" : `, ${count(this.failures.length, "broken file")}`;
    return (
      `${count(this.patients.length, "patient")}, ${count(this.studies.length, "study", "studies")}, ` +
      `${count(this.series.length, "series", "series")} in ${count(files, "file")}${broken}`
    );
  }

  #show(): MimeBundle {
    const rows = this.series.slice(0, SHOWN_ROWS).map((entry) => {
      const about = entry.description === "" ? "" : ` "${entry.description}"`;
      return `  ${entry.patient}  ${entry.date}  ${entry.modality}${about}  ${sizeOf(entry)}  ${count(entry.files.length, "file")}`;
    });
    const more =
      this.series.length > SHOWN_ROWS ? [`  … ${this.series.length - SHOWN_ROWS} more series`] : [];
    const broken = this.failures
      .slice(0, SHOWN_FAILURES)
      .map(({ file, reason }) => `  broken: ${file}: ${reason}`);
    return { "text/plain": [this.#title(), ...rows, ...more, ...broken].join("\n") };
  }

  #table(): ShownTable {
    const column = <T>(name: string, value: (entry: SeriesEntry) => T): { name: string; values: T[] } => ({
      name,
      values: this.series.map(value),
    });
    return {
      title: this.#title(),
      rowCount: this.series.length,
      columns: [
        { ...column("patient", (entry) => entry.patient), key: true, selectable: true },
        column("date", (entry) => entry.date),
        column("study", (entry) => entry.studyDescription),
        column("modality", (entry) => entry.modality),
        column("series", (entry) => entry.description),
        column("size", sizeOf),
        column("files", (entry) => entry.files.length),
        { ...column("volume", (entry) => Math.round(entry.bytes / 1e5) / 10), unit: "MB" },
        column("series UID", (entry) => entry.series),
      ],
    };
  }
}

/** Files by series, sorted by patient, study date and series. */
function seriesOf(files: readonly IndexedFile[]): SeriesEntry[] {
  const groups = new Map<string, IndexedFile[]>();
  for (const file of files) {
    const key = `${file.patient}\n${file.study}\n${file.series}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  const entries = [...groups.values()].map((group): SeriesEntry => {
    const { file, frames, bytes, ...first } = group[0] as IndexedFile;
    return {
      ...first,
      files: group.map((member) => member.file),
      slices: group.reduce((sum, member) => sum + member.frames, 0),
      bytes: group.reduce((sum, member) => sum + member.bytes, 0),
    };
  });
  const key = (entry: SeriesEntry): string =>
    [entry.patient, entry.date, entry.study, entry.files[0]].join("\n");
  return entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function sizeOf({ columns, rows, slices }: SeriesEntry): string {
  return columns === 0 ? "" : `${columns}×${rows}×${slices}`;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}
