/* The one script of every page: what runs in which order, and what others may reach. */
import * as alarms from "./areas/alarms.js";
import * as backlinksCells from "./areas/backlinks-cells.js";
import * as backlinks from "./areas/backlinks.js";
import * as missionsCells from "./areas/missions-cells.js";
import * as arrange from "./board/arrange.js";
import * as board from "./board/board.js";
import { noUpdate, registerCallbacks, registerComponents, registerGrid, setProps } from "./dash-internals.js";
import * as channel from "./live/channel.js";
import * as freshnessMarks from "./live/freshness.js";
import * as gallery from "./live/gallery.js";
import * as radar from "./live/radar.js";
import * as screen from "./live/screen.js";
import { delay } from "./rules/backoff.js";
import { format } from "./rules/formats.js";
import { freshness } from "./rules/freshness.js";
import { merge } from "./rules/merge.js";
import * as address from "./shell/address.js";
import * as bootstrap from "./shell/bootstrap.js";
import * as charts from "./shell/charts.js";
import * as config from "./shell/config.js";
import * as copy from "./shell/copy.js";
import * as dashRequests from "./shell/dash-requests.js";
import * as exports from "./shell/exports.js";
import * as folding from "./shell/folding.js";
import * as guide from "./shell/guide.js";
import * as keys from "./shell/keys.js";
import * as kiosk from "./shell/kiosk.js";
import * as navigation from "./shell/navigation.js";
import * as palette from "./shell/palette.js";
import * as panelMenu from "./shell/panel-menu.js";
import * as playlist from "./shell/playlist.js";
import * as preferences from "./shell/preferences.js";
import * as replay from "./shell/replay.js";
import * as retries from "./shell/retries.js";
import * as session from "./shell/session.js";
import * as staticHtml from "./shell/static-html.js";
import * as timeControl from "./shell/time-control.js";
import { toast } from "./shell/toast.js";
import { outworn, start as startWatchdog, watchdog } from "./shell/watchdog.js";

const shell = {
  poll() {
    channel.poll();
    return noUpdate();
  },
  /** @type {(message: { words: string; status: string } | null) => unknown} */
  toast(message) {
    if (message) toast(message.words, message.status);
    return noUpdate();
  },
};

/* Named by ClientsideFunction in callbacks/, by `_namespace` in components/kit/static_html.py, and by grid columns. */
registerCallbacks({
  address: address.callbacks,
  backlinks: backlinks.callbacks,
  config: config.callbacks,
  kit: charts.callbacks,
  replay: replay.callbacks,
  shell,
  time: timeControl.callbacks,
});
registerComponents("mission_control", { StaticHtml: staticHtml.StaticHtml });
registerGrid(
  { ...backlinksCells.functions, ...missionsCells.functions },
  { ...backlinksCells.cells, ...missionsCells.cells },
);

/* What a console, a benchmark or a browser test may use. */
globalThis.MissionControl = {
  address,
  delay,
  format,
  freshness,
  go: navigation.go,
  isWhole: bootstrap.isWhole,
  live: { apply: channel.apply, link: channel.link, state: channel.state },
  merge,
  outworn,
  palette,
  playlist,
  preferences,
  setProps,
  toast,
  watchdog,
};

/* The order counts where two listen to the same key or click: who comes first may keep it for itself. */
const parts = [
  bootstrap,
  dashRequests,
  address,
  timeControl,
  retries,
  copy,
  alarms,
  backlinks,
  arrange,
  board,
  navigation,
  session,
  charts,
  preferences,
  exports,
  kiosk,
  guide,
  keys,
  freshnessMarks,
  screen,
  staticHtml,
  palette,
  folding,
  panelMenu,
  playlist,
  radar,
  gallery,
  { start: startWatchdog },
];
for (const part of parts) part.start();
