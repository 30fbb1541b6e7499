/**
 * What a workflow gives so that its work goes on without network; each has a module like this one,
 * named in ../work.js, and a `Carrying` on the server (app/scanning/packages.py).
 *
 *   begin(record, today) -> tally      the work as the server last told it
 *   take(tally, command) -> tally      moved on by one command of the outbox
 *   stepOf, linesOf, problemOf, barOf  the regions of the screen, as elements
 */
export { begin, take } from "./tally.js";
export { barOf, linesOf, problemOf, stepOf } from "./screen.js";
