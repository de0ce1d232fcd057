/* When what could not be read is asked again, and how that is said. Pure. */
const [FIRST_S, LONGEST_S] = [2, 60];
const PASSING = [429, 502, 503, 504];

/**
 * Whether the same question may be answered later: what is busy or away comes back, a refusal stays one. No status:
 * nobody answered.
 * @type {(status: number | null) => boolean}
 */
export const passes = (status) => status === null || PASSING.includes(status);

/**
 * Seconds until the next attempt: what the server asks for, and longer each time.
 * @type {(attempt: number, asked: number | undefined) => number}
 */
export const wait = (attempt, asked) => Math.min(LONGEST_S, (asked || FIRST_S) * 2 ** Math.min(attempt, 10));

/**
 * Whether a callback only draws: it listens to the address of its page, and what listens to that changes nothing
 * (`callbacks/panels.py`). Anything else may have been done already.
 * @type {(asked: { inputs?: any }, view: string | undefined) => boolean}
 */
export const draws = (asked, view) =>
  Boolean(view) && [asked.inputs || []].flat(Infinity).some((input) => input.id === view);

/**
 * What is said once for all panels that wait.
 * @type {(panels: number) => string}
 */
export const notice = (panels) =>
  "Data is temporarily unavailable. Retrying…" + (panels > 1 ? ` (${panels} panels)` : "");

/**
 * What Dash answers to a callback, as what each component becomes.
 * @type {(response: Record<string, Fields>) => [DashId, Fields][]}
 */
export const changes = (response) =>
  Object.entries(response).map(([id, props]) => [id.startsWith("{") ? JSON.parse(id) : id, props]);
