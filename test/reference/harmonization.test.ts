/**
 * ComBat against neuroCombat 0.2.12 (Python, numpy 2.4.6), whose iteration was made to converge:
 * `it_sol.__defaults__ = (1e-14,)`, and which was made to keep covariates as float64 (it rounds them to float32); then `neuroCombat(dat=X, covars, batch_col="fold", continuous_cols=["alcohol"])`
 * on malic_acid, ash, magnesium and hue of wine.csv; patients 0, 50 and 177.
 */
import { combat } from "../../src/model/statistics/index.js";
import { absence, assertAllClose, readInput } from "../support/modelling-references.js";

/** Both stop when the relative change falls below 1e-12 or so. */
const TOLERANCE = 1e-11;

const ROWS = [0, 50, 177];
const FEATURES = ["malic_acid", "ash", "magnesium", "hue"];

const references = [
  {
    name: "without covariates",
    covariates: [],
    meanOnly: false,
    values: [
      [1.7854472877357845, 2.451515722255235, 125.79112364469316, 1.0409263141372405],
      [1.8330678012109907, 2.0723441333034356, 93.34162027936918, 1.1440867032624962],
      [4.25865314937904, 2.7697181447009327, 96.18752626718602, 0.5796585587686354],
    ],
  },
  {
    name: "keeping the effect of alcohol",
    covariates: ["alcohol"],
    meanOnly: false,
    values: [
      [1.7861908578106027, 2.4494491992657244, 126.82602190533814, 1.0396926219913452],
      [1.8108640968698837, 2.0706251951658534, 92.97896253253563, 1.1400844171952014],
      [4.264399743733971, 2.7525284816868876, 94.75296793998514, 0.5819086888431412],
    ],
  },
  {
    name: "means only",
    covariates: ["alcohol"],
    meanOnly: true,
    values: [
      [1.7825630396658094, 2.447209371802501, 127.87587552314797, 1.0544547687173071],
      [1.8038489023541349, 2.0577739655847167, 92.91189725266396, 1.1352767901151852],
      [4.050578171316213, 2.725848324272626, 95.4935412653747, 0.599924152327063],
    ],
  },
] as const;

describe("ComBat as neuroCombat", () => {
  for (const { name, covariates, meanOnly, values } of references) {
    it(`harmonizes wine.csv over its folds, ${name}`, function () {
      if (absence !== null) {
        console.log(`skipped: ${absence}`);
        this.skip();
      }
      const cohort = readInput("wine.csv");
      const [x, batch] = [cohort.numeric(FEATURES), cohort.labels("fold")];
      const kept = covariates.length > 0 ? cohort.numeric([...covariates]) : undefined;
      const fitted = combat(x, batch, { meanOnly, ...(kept === undefined ? {} : { covariates: kept }) });
      const found = fitted.apply(x, batch, kept);
      ROWS.forEach((row, at) => {
        const actual = FEATURES.map((feature) => found.column(feature)[row] as number);
        assertAllClose(actual, values[at] ?? [], TOLERANCE, `patient ${row}`);
      });
    });
  }
});
