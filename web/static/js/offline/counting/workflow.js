/** Counting without network; see ../receiving/workflow.js for what each of these is. */
export { begin, take } from "./tally.js";
export { barOf, linesOf, problemOf, stepOf } from "./screen.js";
