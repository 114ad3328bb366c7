// A second persona beside the first: the same page in a frame, with rooms, messages and dialogs of its own.

import { body, inside, one } from "./ground.js";

const button = one("#pair");

export function setPair(on) {
  const query = on ? `?beside=${button.dataset.with}` : "";
  if (on) body.append(frame());
  else one("#beside")?.remove();
  body.classList.toggle("pair", on);
  button.setAttribute("aria-pressed", on);
  keep(query);
}

function frame() {
  const made = document.createElement("iframe");
  Object.assign(made, { id: "beside", src: `/as/${button.dataset.with}/${body.dataset.room}` });
  watch(made);
  return made;
}

// Whoever is chosen in the frame stays there when the page is loaded anew.
function watch(made) {
  made.addEventListener("load", () => {
    const { persona } = made.contentDocument.body.dataset;
    if (!persona) return;
    button.dataset.with = persona;
    made.title = made.contentDocument.body.dataset.name;
    keep(`?beside=${persona}`);
  });
}

function keep(query) {
  if (location.search === query) return;
  history.replaceState(null, "", location.pathname + query);
  for (const each of document.querySelectorAll("[data-go], [data-as]")) each.search = query;
}

export const closeFromInside = () => parent.document.dispatchEvent(new Event("alone"));

if (!inside) {
  if (one("#beside")) watch(one("#beside"));
  document.addEventListener("alone", () => {
    setPair(false);
    button.focus();
  });
}
