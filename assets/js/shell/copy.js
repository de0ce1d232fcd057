/* A command is copied where it stands (components/kit/commands.py). */
import { pressed } from "./elements.js";
import { toast } from "./toast.js";

/**
 * Browsers give the clipboard only to pages that came safely; elsewhere the old way is left.
 * @type {(words: string) => Promise<boolean>}
 */
async function copy(words) {
  if (globalThis.navigator.clipboard) return await navigator.clipboard.writeText(words).then(() => true, () => false);
  const box = Object.assign(document.createElement("textarea"), { value: words, readOnly: true });
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  return done;
}

export function start() {
  document.addEventListener("click", async (event) => {
    const button = pressed(event, "[data-copy]");
    if (!button) return;
    const done = await copy(button.dataset.copy);
    toast(
      done ? "Copied" : "This browser does not allow copying. Select the text instead.",
      done ? "normal" : "caution",
    );
    if (button.isConnected) button.focus();
  });
}
