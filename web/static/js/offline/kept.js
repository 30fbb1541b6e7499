import { mark } from "./words.js";

/* What is said where only the server can answer: the same in every workflow. */
export const NEEDS_SERVER = mark("{raw} is kept. What it means is known when the network is back.");
export const UNDONE_LATER = mark("Kept. What was booked before is taken back when the network is back.");
export const LATER = mark("Kept. This is done when the network is back.");
