/* The names of Dash that it does not promise to keep, and the few ways we reach into it: here and nowhere else.
   Its counterpart at the server is callbacks/web/dash_internals.py; tests/http/test_dash_internals.py fails when
   Dash renames one. */

/** The event that Dash's own router listens to. */
export const NAVIGATED = "_dashprivate_pushstate";
/** The element that holds the page. */
export const PAGE_CONTENT = "_pages_content";
/** What a page stands on, and what its callbacks ask. */
export const FOUNDATIONS = ["/_dash-layout", "/_dash-dependencies"];
export const CALLBACKS = "/_dash-update-component";
/** What Dash shows until its layout is there. */
export const LOADING = "._dash-loading";

/** @type {(id: DashId) => string} */
const plain = (id) => (id && typeof id === "object" ? JSON.stringify(Object.entries(id).sort()) : id);

/** @type {(id: DashId) => boolean} */
function isThere(id) {
  try {
    const found = globalThis.dash_component_api.getLayout(id);
    return Boolean(found && found.props) && plain(found.props.id) === plain(id);
  } catch {
    return false; // Dash does not know of it, or is not there yet itself
  }
}

/**
 * Dash's own way to change a component from outside fails on one that is gone: between an answer and the screen that
 * shows it, an element may still stand whose component does not. Returns whether it was changed.
 * @type {(id: DashId, props: Fields) => boolean}
 */
export function setProps(id, props) {
  if (!globalThis.dash_clientside || !globalThis.dash_clientside.set_props || !isThere(id)) return false;
  globalThis.dash_clientside.set_props(id, props);
  return true;
}

export const noUpdate = () => globalThis.dash_clientside.no_update;

/**
 * What the running clientside callback was given, patterns laid flat.
 * @type {() => { id: any; value?: any }[]}
 */
export const inputs = () => (globalThis.dash_clientside.callback_context.inputs_list || []).flat();

/**
 * Functions for Dash's clientside callbacks by namespace, as ClientsideFunction names them.
 * @type {(namespaces: Record<string, object>) => void}
 */
export function registerCallbacks(namespaces) {
  globalThis.dash_clientside = Object.assign(globalThis.dash_clientside || {}, namespaces);
}

/**
 * A component library of ours, as `_namespace` of its Python classes names it.
 * @type {(namespace: string, components: Record<string, unknown>) => void}
 */
export function registerComponents(namespace, components) {
  Reflect.set(globalThis, namespace, Object.assign(Reflect.get(globalThis, namespace) || {}, components));
}

/**
 * Functions and cells that dash-ag-grid's columns name.
 * @type {(functions: Record<string, unknown>, cells: Record<string, unknown>) => void}
 */
export function registerGrid(functions, cells) {
  globalThis.dashAgGridFunctions = Object.assign(globalThis.dashAgGridFunctions || {}, functions);
  globalThis.dashAgGridComponentFunctions = Object.assign(globalThis.dashAgGridComponentFunctions || {}, cells);
}

/**
 * The rows of a grid as it shows them, with tabs between their cells.
 * @type {(id: string) => string}
 */
export const csvOf = (id) =>
  globalThis.dash_ag_grid.getApi(id).getDataAsCsv({ columnSeparator: "\t", suppressQuotes: true }).trim();

/**
 * A chart as a picture: what it draws, and its size.
 * @type {(figure: { data: Fields[]; layout: Fields }, size: Fields) => Promise<string>}
 */
export const imageOf = (figure, size) => globalThis.Plotly.toImage(figure, size);

/**
 * React comes with Dash, after these scripts.
 * @type {(...parts: unknown[]) => unknown}
 */
export const createElement = (...parts) => globalThis.React.createElement(...parts);
