/**
 * A thread that helps with the images of one region (`radiomics/image-work.ts`).
 *
 * Layer:  beside index; imports radiomics and workers, is imported by nobody.
 */
import { answerImage } from "./radiomics/image-work.js";
import { serve } from "./workers/side-work.js";

serve((common) => (image) => answerImage(common, image));
