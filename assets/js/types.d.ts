// deno-lint-ignore-file no-explicit-any no-var -- what others leave in the browser has no types, and is global by `var`
/** What more than one script knows: the live state, the view that is painted, boards; and what is global here. */

type Status = "off" | "standby" | "normal" | "caution" | "serious" | "critical";
type Milliseconds = number; // since 1970
type Fields = Record<string, any>; // JSON of another's making

// ---- The live state, as data/live/state.py makes it. What is not known is left out.

interface Job {
  status: string;
  symbol: Status;
  word?: string;
  job_type?: string;
  target?: string;
  progress?: number;
  priority: number;
  created: Milliseconds;
  started?: Milliseconds;
  eta?: Milliseconds;
  eta_low?: Milliseconds;
  eta_high?: Milliseconds;
  satellites?: string[];
  pages_crawled?: number;
  pages_queued?: number;
  links_found?: number;
  errors?: number;
}
interface Satellite {
  status: string;
  symbol: Status;
  name?: string;
  job_id?: string;
  ppm?: number;
  spark?: number[];
  heartbeat?: Milliseconds;
}
interface Service {
  status: string;
  symbol: Status;
  age_s?: number;
  latency_ms?: number;
}
interface Failure {
  status: string;
  severity: Status;
  target?: string;
  message?: string;
  satellite?: string;
  at: Milliseconds;
  ack?: string;
}
interface Signal {
  id: string;
  symbol: Status;
  title: string;
  target?: string;
  detail?: string;
  at: Milliseconds;
  ack?: string;
}
interface Quota {
  status: Status;
  state?: string;
  used?: number;
  limit?: number;
  unit?: string;
  forecast?: number;
  forecast_low?: number;
  forecast_high?: number;
  exhaustion?: Milliseconds;
  reset?: Milliseconds;
  note?: string;
}
interface Link {
  id: string;
  at: Milliseconds;
  source: string;
  target: string;
  da?: number;
  spam?: number | boolean;
}
interface RadarState {
  targets?: string[];
  blips?: Record<string, { target: string; da?: number; spam: number; at: Milliseconds }>;
}
interface Alarms {
  groups: number;
  alerts: number;
  critical: number;
  info: number;
  taken: number;
}
interface AlertGroup {
  id: number;
  rule: string;
  severity: string;
  status: string;
  symbol: Status;
  message: string;
  n: number;
  since: Milliseconds;
  at: Milliseconds;
  ack?: string;
}
interface LiveState {
  as_of: Milliseconds;
  sections?: Record<string, { status?: Status; as_of?: Milliseconds }>;
  areas?: Record<string, Status>;
  started?: Milliseconds;
  newest_event?: Milliseconds;
  queue_depth?: number;
  summary?: Record<string, number>;
  trends?: Record<string, number[]>;
  active_jobs?: Record<string, Job>;
  satellite_status?: Record<string, Satellite>;
  services?: Record<string, Service>;
  recent_discoveries?: Link[];
  discovery?: Record<string, number[]>;
  radar?: RadarState;
  errors?: Record<string, Failure>;
  signals?: Signal[];
  alarms?: Alarms;
  alerts?: Record<string, AlertGroup>;
  api_quotas?: Record<string, Quota>;
  stamps?: Record<string, { version: number; refreshed?: Milliseconds }>;
  view?: View;
}
interface Frame {
  type: string;
  seq: number;
  ts: Milliseconds;
  payload: any;
}

// ---- What is painted: the view that rules/view.js makes of the state. Rows are read by data-live paths.

interface Row {
  [name: string]: any;
  order: number | string;
}
interface Alarm {
  id: string;
  title: string;
  href: string;
  words: string;
  alarm: string;
  symbol: Status;
  at: Milliseconds;
  ack?: string;
  taken?: string;
  counts?: boolean;
  order?: number;
}
interface Level {
  tone?: Status;
  status: Status;
  limit?: number;
}
interface View {
  [name: string]: any;
  alarms: { waiting: Alarm[]; [name: string]: any };
  levels: Record<string, Level>;
}

// ---- A person's preferences, and the numbers that a board may show.

interface Limits {
  caution?: number | null;
  critical?: number | null;
}
interface Preferences {
  refresh_s: number;
  theme: string;
  time_zone: string;
  sound: boolean;
  thresholds: Record<string, Limits>;
}
interface CatalogueNumber {
  title: string;
  path: string;
  form: string;
  href?: string;
  status: string;
  worse?: string;
}
interface Catalogue {
  numbers: Record<string, CatalogueNumber>;
  charts: Record<string, { title: string }>;
  scale: Status[];
  areas: Record<string, string>;
}
interface Person {
  numbers: Record<string, CatalogueNumber>;
  thresholds: Record<string, Limits>;
  scale: Status[];
  areas: Record<string, string>;
}

// ---- Boards, as data/layouts/rules.py has them.

type ScreenName = "wall" | "desk" | "laptop" | "phone";
type Size = [number, number];
interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}
interface Item extends Place {
  panel: string;
  hidden?: boolean;
  shows?: string | null;
}
/** An item of which only what changes is said. */
type Change = Partial<Item> & { panel: string };
interface Board {
  columns: number;
  rows: number;
  fixed: ScreenName[];
  panels: Record<string, Record<string, [number, number, number, number]>>;
  least: Record<string, Size>;
  slots: string[];
  titles?: Record<string, string>;
}
interface SavedView {
  view_id: string;
  name: string;
  own: boolean;
  owner: string;
  published: boolean;
}
interface Layout {
  screens: Record<string, Item[]>;
  views: SavedView[];
  view?: SavedView;
}
/** What is being arranged. */
interface Arranging {
  board: HTMLElement;
  screen: ScreenName;
  definition: Board;
  items: Item[];
  drafts: Partial<Record<ScreenName, Item[]>>; // of other kinds of screen, until they are saved
  before: Item[];
  grid: any; // gridstack's own
  cell: number;
  gap: number;
  bar: HTMLElement;
}

// ---- Addresses, and what a palette finds.

type Parts = Record<string, any>; // a string, or a list of them where a part stands there more than once
type Changes = Record<string, string | string[] | null | undefined | false>; // what is empty is taken out
interface Finding {
  kind: string;
  title: string;
  detail?: string;
  href?: string;
  path?: string;
  act?: () => unknown;
}

// ---- What Dash and its libraries leave in the browser.

type DashId = string | { [part: string]: any };
interface Fetching {
  (): Promise<Response>;
}

declare var dash_clientside: any;
declare var dash_component_api: any;
declare var dashAgGridFunctions: any;
declare var dashAgGridComponentFunctions: any;
declare var React: any;
declare var GridStack: any;
declare var Plotly: any;
declare var dash_ag_grid: any;
declare var MissionControl: any;

// ---- What one script alone knows, too long to say in a comment.

/** What rules/link.js needs to know of live/channel.js. */
interface LinkFacts {
  sockets: boolean;
  lastFrame: Milliseconds;
  heardAt: Milliseconds;
  answeredAt: Milliseconds;
  refused: boolean;
  cutAt: Milliseconds;
  polling: boolean;
  pollEvery: number;
  pingAt: Milliseconds;
}
interface Channel extends LinkFacts {
  socket: WebSocket | null;
  url: string | null;
  attempt: number;
  timer: number;
  seq: number;
  resumedAt: Milliseconds;
  shownEvent: Milliseconds;
}
type Path = string[] | null; // null: the key of the row
interface Binding {
  name: string;
  path: Path;
  last: unknown;
}
interface TextPlan {
  path: Path;
  form?: string;
  keep: boolean;
  last?: string;
}
interface SparkPlan {
  path: Path;
  threshold?: Path;
  last?: string;
}
interface ListPlan {
  path: Path;
  limit: number;
  sort: { key: string; way: number }[];
  template: HTMLElement | null;
  rows: Map<string, HTMLElement>;
  counted: string[];
  from: number; // the place of the first row that is drawn
  all: number; // rows that there are
  fits: number; // rows that were seen at once, in a box of the size `room`
  room: string;
}
/** What live/paint.js has read of an element's attributes. */
interface Plan {
  text?: TextPlan;
  attributes?: Binding[];
  variables?: Binding[];
  show?: Path;
  spark?: SparkPlan;
  draw?: string;
  rest?: Path;
  list?: ListPlan;
}
/** The box of an area chart, in pixels. */
interface Axes {
  width: number;
  height: number;
  em: number;
  left: number;
  right: number;
  bottom: number;
  x: (i: number) => number;
  y: (n: number) => number;
}
/** The circle of a radar, in pixels of its canvas. */
interface Circle {
  x: number;
  y: number;
  r: number;
  text: number;
}
interface Blip {
  turn: number;
  da: number;
  at: Milliseconds;
  spam: boolean;
}
interface Radar {
  canvas: HTMLCanvasElement;
  targets: string[];
  blips: Blip[];
  key?: string;
  ground?: HTMLCanvasElement;
}
/** What board/arrange.js does when a panel is picked up and let go. */
interface Handlers {
  begin: () => void;
  dropped: (name: string, target: string | null) => void;
  stretched: (name: string, place: Place | null) => void;
}
interface BarActs {
  add: (what: string) => void;
  keep: () => unknown;
  leave: () => void;
  reset: () => unknown;
  help: string;
}
interface PlaylistTurn {
  id: string | null;
  items: any[];
  hold: number; // seconds
  at: number;
  until: number;
  held: string | null;
  known: Set<string> | null;
}
/** What dash-ag-grid tells of a click, and Plotly. */
interface CellClick {
  rowId: string;
  colId: string;
}
interface PointClick {
  points: any[];
}
/** What dash-ag-grid gives a cell to draw. */
interface Cell {
  value: any;
  data: Fields;
}

// ---- Selectors of ours find what components/ has drawn; what kind of element that is stands there.

interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}
interface Element {
  closest(selectors: string): any;
}
interface Performance {
  memory?: { usedJSHeapSize: number; jsHeapSizeLimit: number }; // Chromium's own
}
