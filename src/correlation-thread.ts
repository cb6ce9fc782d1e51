/**
 * A thread that helps with a matrix of correlations (`model/statistics/correlation-work.ts`).
 *
 * Layer:  beside index; imports model and workers, is imported by nobody.
 */
import { answerCorrelations } from "./model/statistics/correlation-work.js";
import { serve } from "./workers/side-work.js";

serve(answerCorrelations);
