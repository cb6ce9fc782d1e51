/**
 * Cells that must be refused, each at the place that is marked, and the same cell put right, which must be
 * accepted: what was refused is then the mistake and nothing else.
 *
 * A mistake is written `«wrong→right»`; the caret must begin where `wrong` begins and not reach beyond it.
 */
import assert from "node:assert/strict";
import type { CompilerConversion } from "../../kernel-ext/src/language/compiler-protocol.js";
import { TypescriptLanguage } from "../../kernel-ext/src/language/typescript.js";

/** What earlier cells have left behind. */
const EARLIER = `
import { Cohort, FeatureTable, InputError, Labels, Mask, Scores, SurvivalData, Volume } from "radbook";
import { explain, io, model, plot, radiomics, table } from "radbook";
declare const ct: Volume;
declare const gtv: Mask;
declare const contours: io.StructureSet;
declare const cohort: Cohort<"age" | "time" | "event" | "stage">;
declare const features: FeatureTable;
declare const survival: SurvivalData;
declare const response: Labels<"partial" | "complete">;
declare const risk: Scores;
declare const patients: { id: string; lesion?: Mask; note: string | null }[];
declare const set: radiomics.FeatureSet;
const km = model.kaplanMeier(survival);
const cox = model.cox().fit(features, survival);
const { classification, metrics, statistics } = model;
const curve = metrics.roc(response, risk);
const parts = model.split(features, response, { seed: 1 });
const logistic = model.pipeline(model.standardize(), model.logistic());
const ready = logistic.fit(features, response);
const learned = model.standardize().learn(features, response);
`;

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  io: [
    "await io.readDicom(«1→'CT'»)",
    "await io.«readDicm→readDicom»('CT')",
    "await io.readDicom('CT', { «serie→series»: '1.2.3' })",
    "await io.readDicom(['a.dcm', «null→'b.dcm'»])",
    "await io.readNifti('ct.nii.gz', { «modalty→modality»: 'CT' })",
    "await io.readNiftiMask('gtv.nii.gz', { «label: '1'→label: 1» })",
    "await io.readNrrd(«undefined→'ct.nrrd'»)",
    "(await io.readCohort('clinical.csv', { «delimeter→delimiter»: ';' })).length",
    "await io.writeCsv(«ct→features», 'features.csv')",
    "contours.mask('GTV-1', «gtv→ct»)",
    "contours.mask(«1→'GTV-1'», ct)",
    "contours.«masks→mask»('GTV-1', ct)",
    "const scan = io.readVolume('ct.nii');\nplot.volume(«scan→await scan»)",
  ],
  "volumes and masks": [
    "ct.at(«[1, 2]→[1, 2, 3]»)",
    "ct.«voxel→voxels»[0]",
    "«ct.name→ct.name.length» / 2",
    "gtv.«centroid→centroidMm»",
    "const «litres: string→litres: number» = gtv.volumeMm3 / 1e6;",
    "gtv.volumeMm3 / «'1000'→1000»",
    "gtv.checkGrid(«ct→ct.geometry», 'mask')",
    "new Mask(«new Float32Array(8)→new Uint8Array(8)», ct.geometry)",
    "new Volume(new Float32Array(8), ct.geometry, { «units→unit»: 'HU' })",
  ],
  tables: [
    "cohort.numeric(['age', «'agee'→'time'»])",
    "cohort.survival({ «time: 'os_months'→time: 'time'», event: 'event', unit: 'months' })",
    "cohort.survival({ time: 'time', event: 'event', «unit: 'month'→unit: 'months'» })",
    "cohort.survival(«{ time: 'time', event: 'event' }→{ time: 'time', event: 'event', unit: 'days' }»)",
    "cohort.labels(«'Stage'→'stage'»)",
    "cohort.text(«0→'stage'»)",
    "cohort.where((row) => row.«ages→age» > 50)",
    "cohort.where((row) => «row.age→row.age > 50»)",
    "cohort.where((_, text) => «text.stage > 2→Number(text.stage) > 2»)",
    "features.select(«'morph_diam'→['morph_diam']»)",
    "features.«colum→column»('morph_diam')",
    "features.join(«cohort→features»)",
    "features.where((_, id) => «id > 5→id > '5'»)",
    "new FeatureTable(['a'], [{ name: 'x', unit: 'mm', «values: [1]→values: new Float64Array(1)» }])",
    "new SurvivalData(['a'], [1], [true], «'hours'→'days'»)",
    "model.tableOne(cohort, { «ages→age»: 'mean' })",
    "model.tableOne(cohort, { «age: 'average'→age: 'mean'» })",
    "model.tableOne(cohort, { age: 'mean' }, { «by: 'stage'→by: response» })",
    "table.toLatex(cox, { «caption→label»: 'tab:one' })",
    "table.toCsv(«'features'→features»)",
    "«response.values[0] === 'none'→response.values[0] === 'partial'»",
  ],
  radiomics: [
    "radiomics.extractor({ discretize: { «binwidth→binWidth»: 25 } })",
    "radiomics.extractor({ resample: { «spacing: '1'→spacing: 1» } })",
    "radiomics.extractor({ resample: { «spacing: [1, 1]→spacing: [1, 1, 1]» } })",
    "radiomics.extractor({ families: [«'glcm'→'GLCM'»] })",
    "radiomics.extractor({ «familys→families»: ['GLCM'] })",
    "radiomics.extractor({ «aggregation: '3D'→aggregation: '3D merged'» })",
    "radiomics.extractor({ resegment: { «range: [0]→range: [0, 400]» } })",
    "radiomics.extractor()(«gtv→ct», gtv)",
    "radiomics.extractor()(ct, «patients[0]?.lesion→gtv»)",
    "radiomics.extractor()(ct, gtv, { «ID→id»: 'tumour' })",
    "await radiomics.extractor()(cohort, { «worker→workers»: 2 })",
    "(await radiomics.extractor()(cohort)).«failure→failures»",
    "await radiomics.extractor()([{ id: 'a', «img→image»: 'ct.nii', mask: 'gtv.nii' }])",
    "const f = radiomics.extractor()([{ id: 'a', image: ct, mask: gtv }]);\nf.«columns→then»",
    "radiomics.extractor(«{ convention: 'pyradiomics', parameters: io.readParameters('p.yaml') }→await io.readParameters('p.yaml')»)",
    "radiomics.table(«set→[set]»)",
    "radiomics.compare(set, [{ feature: 'cm_contrast', value: 1, «tolerence→tolerance»: 0.1 }])",
    "set.value(«3→'cm_contrast'»)",
    "radiomics.catalogue.of(«'GLMC'→'GLCM'»)",
  ],
  model: [
    "model.kaplanMeier(«features→survival»)",
    "model.kaplanMeier(survival, { «by: 'stage'→by: response» })",
    "model.kaplanMeier(survival, { «interval: 'loglog'→interval: 'log-log'» })",
    "model.kaplanMeier(survival, { «conf→confidence»: 0.9 })",
    "model.logRank(survival, «risk→response»)",
    "model.cut(«features→risk», 'median')",
    "model.cut(risk, «'mean'→'median'»)",
    "model.cut(risk, 0, «['low']→['low', 'high']»)",
    "model.cox({ «ties: 'breslow-efron'→ties: 'efron'» })",
    "model.cox().fit(features, «response→survival»)",
    "model.logistic().fit(features, «survival→response»)",
    "model.coxnet({ «l1ratio→l1Ratio»: 1 })",
    "model.coxnet({ «choose: '1sd'→choose: '1se'», seed: 1 })",
    "model.split(features, survival, «{ test: 0.3 }→{ test: 0.3, seed: 1 }»)",
    "model.split(features, survival, { «test: '30%'→test: 0.3», seed: 7 }).train.x",
    "model.concordance(survival, «survival→risk»)",
    "model.cox().«predict→fit»(features, survival)",
    "cox.predict(«survival→features»)",
    "metrics.roc(response, «cox→risk»)",
    "metrics.auc(response, risk, { «positve→positive»: 'complete' })",
    "statistics.welch(«response→risk.values», [1, 2, 3])",
    "statistics.adjust([0.01, 0.2], «'bonferoni'→'bonferroni'»)",
  ],
  survival: [
    "model.brierScore(survival, [«risk→{ id: 'a', time: new Float64Array(1), survival: new Float64Array(1) }»], [12])",
    "model.brierScore(survival, [], «12→[12]»)",
    "model.unoConcordance(survival, risk, { «watched: 'after'→watched: 'before'» })",
    "model.unoConcordance(survival, risk, { «untill→until»: 24 })",
    "model.concordance(survival, risk, { «strata: survival→strata: response» })",
    "model.coxInfluence(cox, «'dfbetta'→'dfbeta'»)",
    "model.coxResiduals(«model.cox()→cox», 'martingale')",
    "model.coxResiduals(cox, «'schoenfeld'→'deviance'»)",
    "model.schoenfeldResiduals(cox, { «scaled: 'yes'→scaled: true» })",
    "model.coxSurvival(cox, «survival→features»)",
    "model.cumulativeIncidence(survival, «'relapse'→response»)",
    "model.cumulativeIncidence(survival, response, { «confidence: '95%'→confidence: 0.95» })",
    "model.grayTest(survival, response, «risk→response»)",
    "model.logRank(survival, response, { «rho: true→rho: 1» })",
    "model.logRankTrend(survival, response, { «strata: 'stage'→strata: response» })",
    "model.proportionality(cox, { «scale: 'sqrt'→scale: 'rank'» })",
    "model.schoenfeldEvents(«{ power: 0.8 }→{ power: 0.8, hazardRatio: 2 }»)",
    "model.tTestPatients({ «diference→difference»: 1, deviation: 2 })",
    "model.selectCut(«features→risk», survival)",
    "model.selectCut(risk, «response→survival»)",
    "model.timeDependentAuc(survival, risk, «24→[24]»)",
    "model.robustCox(cox, { «cluster: ['a']→cluster: response» })",
    "cox.«coefs→covariates»",
  ],
  classification: [
    "classification.nearestNeighbors({ «weights: 'gaussian'→weights: 'distance'» })",
    "classification.nearestNeighbors({ «neighbours→k»: 5 })",
    "classification.naiveBayes({ «smoothing: '1e-9'→smoothing: 1e-9» })",
    "classification.linearDiscriminant({ «shrinkage: 'ledoit'→shrinkage: 'auto'» })",
    "classification.quadraticDiscriminant({ «regularisation→regularization»: 0.1 })",
    "classification.naiveBayes().fit(features, «survival→response»)",
    "classification.naiveBayes().fit(«ct→features», response)",
    "classification.naiveBayes().fit(features, response).predict(«response→features»)",
    "classification.importXgboost([], 0.5, «{ columns: [] }→{ columns: [], classes: ['a', 'b'] }»)",
    "model.logisticNet({ «measure: 'accuracy'→measure: 'auc'» })",
    "model.multinomial({ «lambda: [0.1]→lambda: 0.1» })",
    "model.multinomial().fit(features, «risk→response»)",
  ],
  "leaks and validation": [
    "model.logistic().fit(«parts.test.x→parts.train.x», parts.train.y)",
    "logistic.fit(«parts.test.x→parts.train.x», parts.train.y)",
    "classification.naiveBayes().fit(«parts.test.x.select(['a'])→parts.train.x», parts.train.y)",
    "model.standardize().learn(«parts.test.x→parts.train.x», parts.train.y)",
    "model.split(«parts.test.x→parts.train.x», response, { seed: 1 })",
    "model.split(«ready.prepare(features)→features», response, { seed: 1 })",
    "model.crossValidate(«ready.prepare(features)→features», response, logistic, { seed: 1 })",
    "model.crossValidate(«parts.test.x→parts.train.x», response, logistic, { seed: 1 })",
    "model.crossValidate(features, response, «ready→logistic», { seed: 1 })",
    "model.crossValidate(features, response, «cox→logistic», { seed: 1 })",
    "model.crossValidate(features, response, «model.cox()→logistic», { seed: 1 })",
    "model.permutedOutcome(features, response, «ready→logistic», { seed: 1 })",
    "model.optimismBootstrap(features, response, «ready→logistic», { seed: 1 })",
    "model.learningCurve(«parts.test.x→parts.train.x», parts.train.y, logistic, { seed: 1, test: parts.test })",
    "model.pipeline(«learned, model.logistic()→model.standardize(), model.logistic()»)",
    "model.pipeline(«statistics.varianceFilter(features), model.logistic()→model.dropConstant(), model.logistic()»)",
    "model.pipeline(«model.standardize(), ready→model.standardize(), model.logistic()»)",
    "model.pipeline(«model.standardize(), cox→model.standardize(), model.cox()»)",
    "model.pipeline(«model.keepMrmr({ count: 3 }), model.cox()→model.standardize(), model.cox()»)",
    "model.pipeline(model.standardize(), model.cox()).fit(features, «response→survival»)",
    "const «score: Scores→score: unknown» = model.pipeline(model.standardize(), classification.naiveBayes()).fit(features, response).predict(features)",
    "model.crossValidate(features, response, logistic, { seed: 1, metrics: [«'concordance'→'auc'»] })",
    "model.crossValidate(features, survival, model.cox(), { seed: 1, metrics: [«'auc'→'concordance'»] })",
    "model.crossValidate(features, response, logistic, { «fold→folds»: 5, seed: 1 })",
    "model.tuned({ k: [3, 5] }, (setting) => classification.nearestNeighbors({ k: setting.«j→k» }), { seed: 1 })",
    "model.tuned({ weights: ['uniform', 'distance'] }, ({ weights }) => classification.nearestNeighbors({ «k→weights»: weights }), { seed: 1 })",
    "(await model.crossValidate(features, response, logistic, { seed: 1 })).predicted.«classes→values»",
    "model.folds(response, «{ k: 5 }→{ k: 5, seed: 1 }»)",
    "model.folds(«features→response», { seed: 1 })",
    "model.impute({ «by: 'mode'→by: 'median'» })",
  ],
  metrics: [
    "metrics.auc(«risk→response», risk)",
    "metrics.auc(response, risk, { «interval: 'wald'→interval: 'logit'» })",
    "metrics.confusion(response, «risk→response»)",
    "metrics.binaryAt(response, risk, «'0.5'→0.5»)",
    "metrics.binary(response, response, { «betta→beta»: 2 })",
    "metrics.calibrationCurve(response, risk, { «strategy: 'deciles'→strategy: 'quantile'» })",
    "metrics.compareAuc(response, risk, «response→risk»)",
    "metrics.decisionCurve(response, risk, { «thresholds: 0.5→thresholds: [0.5]» })",
    "metrics.bestCuts(curve, «'youdens'→'youden'»)",
    "metrics.partialArea(curve, «[0.5]→[0.5, 1]»)",
    "metrics.mcnemar(response, response, «risk→response»)",
    "metrics.multiclassAuc(response, «risk.values→{ ids: [], classes: [], values: new Float64Array(0) } as never»)",
    "metrics.«presicionRecall→precisionRecall»(response, risk)",
    "metrics.roc(survival.«labels→ids» as never, risk)",
  ],
  statistics: [
    "statistics.mannWhitney([1, 2], [3, 4], { «method: 'exakt'→method: 'exact'» })",
    "statistics.mannWhitney([1, 2], [3, 4], { «alternative: 'bigger'→alternative: 'greater'» })",
    "statistics.spearman([1, 2, 3], [1, 2, «'3'→3»])",
    "statistics.quantile([1, 2], «'median'→0.5»)",
    "statistics.kappa(response, response, { «weights: 'cubic'→weights: 'quadratic'» })",
    "statistics.icc([«1→[1, 2]», [2, 3]])",
    "statistics.bootstrap(10, (rows) => «rows→rows.length»)",
    "statistics.bootstrap(10, (rows) => rows.length, { «seed: 'a'→seed: 1» })",
    "statistics.combat(features, «'scanner'→response»)",
    "statistics.combat(features, response, { «covariates: response→covariates: features» })",
    "statistics.correlationFilter(features, { «method: 'kendall'→method: 'spearman'» })",
    "statistics.mrmr(features, response, «{}→{ count: 5 }»)",
    "statistics.screen(features, response, { «test: 'ttest'→test: 'welch'» })",
    "statistics.screen(features, «survival→response»)",
    "statistics.shareInterval(3, 10, { «method: 'wald'→method: 'wilson'» })",
    "statistics.crossTable(response, «features→response»)",
    "statistics.wilcoxonSignedRank([1], [2], { «zeros: 'split'→zeros: 'pratt'» })",
    "statistics.pairwise(statistics.byClass(risk, response), { «adjustment: 'tukey'→adjustment: 'holm'» })",
    "statistics.kMeans([1, 2, 3], «[2]→2»)",
    "statistics.stabilitySelection(features, response, () => «5→['a']»)",
  ],
  explain: [
    "explain.linear(cox, features).«feature→features»",
    "explain.linear(«km→cox», features)",
    "explain.linear(«survival→cox», features)",
    "explain.linear(cox, «survival→features»)",
    "explain.linear(cox, features, { «backgroud→background»: features })",
    "explain.linear(cox, features).«meanAbs→meanAbsolute»()",
    "explain.linear(«model.cox()→cox», features)",
    "explain.kernel(«model.cox()→cox», features)",
    "explain.kernel(cox, features, { «samples→coalitions»: 100 })",
    "(await explain.permutation(cox, features, survival)).«feature→features»",
    "explain.permutation(cox, features, survival, { «metric: 'auc'→metric: 'concordance'» })",
    "explain.partialDependence(cox, features, «['age']→'age'»)",
    "explain.geneSets(ready.model, features, response, { hypoxia: [«1→'CA9'»] }, { seed: 1 })",
    "explain.geneSets(ready.model, features, response, {}, «{}→{ seed: 1 }»)",
  ],
  plot: [
    "plot.forest(cox, { «titel→title»: 'Hazard ratios' })",
    "plot.kaplanMeier(km, { «p: true→p: 0.05» })",
    "plot.beeswarm(explain.linear(cox, features), { «top: '10'→top: 10» })",
    "plot.volume(ct, { «overlay: ct→overlay: gtv» })",
    "plot.volume(ct, { «window: [40]→window: { center: 40, width: 400 }» })",
    "plot.volume(«patients[0]→ct»)",
    "plot.volume(«patients[0]?.lesion→ct»)",
    "plot.volume(«gtv→ct»)",
    "plot.volume(ct, { «window: 'lungs'→window: 'lung'» })",
    "plot.volume(ct, { «overlays→overlay»: gtv })",
    "plot.volume(ct, { «center: gtv→center: gtv.centroidMm» })",
    "plot.volume(ct, { «overlay: null→overlay: gtv» })",
    "plot.kaplanMeier(«survival→km»)",
    "plot.kaplanMeier(km, { «atRisk: 'yes'→atRisk: true» })",
    "plot.kaplanMeier(km, { «pValue→p»: 0.03 })",
    "plot.beeswarm(«cox→explain.linear(cox, features)»)",
    "plot.forest(«km→cox»)",
    "plot.«beeSwarm→beeswarm»(explain.linear(cox, features))",
  ],
  "null and undefined": [
    "«patients[0]?.lesion→patients[0]?.lesion?».volumeMm3",
    "patients.map((one) => «one.note→one.note?».length)",
    "patients.map((one) => «one.lesion→one.lesion?».volumeMm3)",
    "const «note: string→note: string | null | undefined» = patients[0]?.note;",
    "const first = patients.find((one) => one.id === 'P1');\n«first→first?».id",
    "plot.volume(ct, { overlay: [«patients[0]?.lesion→gtv»] })",
    "function volumeOf(mask?: Mask): number {\n  return «mask→(mask ?? gtv)».volumeMm3;\n}",
    "«gtv.name.match(/\\d+/)→gtv.name.match(/\\d+/)?.»[0]",
  ],
  "the language": [
    "«contour→contours»",
    "const «n: number→n: string» = 'one'",
    "«ct→let other» = 3",
    "import { «cohorts→io» as again } from 'radbook';\nagain",
    "import { io as again } from «'radbok'→'radbook'»;\nagain",
    "try { gtv.name } catch (error) { «error→(error as Error)».message }",
    "const identity = («one→one: unknown») => one",
    "gtv.name;\n// a comment and 🫁 before it\n/* 🫁 */ gtv.«centroids→centroidMm»",
  ],
};

describe("cells that must be refused", () => {
  const language = new TypescriptLanguage();
  let cells = 0;

  function convert(source: string): CompilerConversion {
    return language.convert(++cells, "Cell", { source, text: source, shifts: {} });
  }

  before(() => {
    const earlier = convert(EARLIER);
    assert.ok(earlier.ok, earlier.ok ? "" : earlier.refusal.traceback.join("\n"));
    language.keep({ cell: cells, module: earlier.module }, earlier.module.declared);
  });

  it("are at least sixty", () => {
    const count = Object.values(REFUSED).flat().length;
    assert.ok(count >= 60, `${count} cells`);
  });

  it("are told the name that was meant", () => {
    for (const [cell, name] of [
      ["io.readDicm('CT')", "readDicom"],
      ["plot.volume(ct, { overlays: gtv })", "overlay"],
    ] as const) {
      const refused = convert(cell);
      assert.match(refused.ok ? "" : refused.refusal.value, new RegExp(`Did you mean (to write )?'${name}'`));
    }
  });

  for (const [module, list] of Object.entries(REFUSED)) {
    for (const marked of list) {
      it(`${module}: ${marked.replaceAll("\n", " ")}`, () => {
        const { wrong, right, line, from, to } = readMark(marked);
        const refused = convert(wrong);
        assert.ok(!refused.ok, "the cell was accepted");
        const { name, traceback } = refused.refusal;
        assert.equal(name, "TypeCheckError", traceback.join("\n"));
        const caret = caretOf(traceback);
        assert.deepEqual([caret.line, caret.from], [line, from], traceback.join("\n"));
        assert.ok(caret.to <= to, `the caret reaches too far\n${traceback.join("\n")}`);

        const accepted = convert(right);
        assert.ok(accepted.ok, accepted.ok ? "" : accepted.refusal.traceback.join("\n"));
      });
    }
  }
});

interface Place {
  /** One-based. */
  readonly line: number;
  /** Zero-based columns. */
  readonly from: number;
  readonly to: number;
}

function readMark(marked: string): Place & { readonly wrong: string; readonly right: string } {
  const found = /«([^→]*)→([^»]*)»/.exec(marked);
  assert.ok(found, `no mark in ${marked}`);
  const [all, wrong = "", right = ""] = found;
  const before = marked.slice(0, found.index);
  const from = before.length - (before.lastIndexOf("\n") + 1);
  return {
    line: before.split("\n").length,
    from,
    to: from + wrong.length,
    wrong: marked.replace(all, () => wrong),
    right: marked.replace(all, () => right),
  };
}

/** The place that the first excerpt of a traceback points at. */
function caretOf(traceback: readonly string[]): Place {
  const at = traceback.findIndex((text) => /^ *\| *\^+$/.test(text));
  const shown = /^> (\d+) \| /.exec(traceback[at - 1] ?? "");
  assert.ok(shown, `no excerpt in\n${traceback.join("\n")}`);
  const [head, number] = shown;
  const carets = traceback[at] ?? "";
  const from = carets.indexOf("^") - head.length;
  return { line: Number(number), from, to: carets.length - head.length };
}
