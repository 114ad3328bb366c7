// The guided tour: shows its step as the server draws it, and marks where to press.

import { all, body, inside, once, one } from "./ground.js";
import { setSide } from "./rooms.js";
import { send, take } from "./wire.js";

const strip = one("#tour");

take("tour", ({ html }) => {
  if (inside || strip.dataset.html === html) return;
  const focused = strip.contains(document.activeElement) ? document.activeElement.dataset.tour : null;
  strip.dataset.html = html;
  strip.innerHTML = html;
  one("#tour-said").textContent = all("h2, p", strip).map((each) => each.textContent).join(". ");
  if (focused) (one(`[data-tour="${focused}"]`, strip) ?? one("[data-tour]", strip) ?? one("#line")).focus();
  point();
});

// The first of the step's places that can be seen, and of several such messages the newest.
function point() {
  all(".pointed").forEach((each) => each.classList.remove("pointed"));
  const places = one("[data-points]", strip)?.dataset.points.split(" | ") ?? [];
  for (const place of places) {
    const found = all(place).findLast((each) => each.checkVisibility());
    if (found) return found.classList.add("pointed");
  }
}

export function turn(control) {
  const to = control.dataset.tour;
  once(control, async () => {
    const answer = await send("/tour", { to });
    const { newcomer, persona } = body.dataset;
    if (!answer || to !== "start") return;
    if (persona === newcomer) setSide(false);
    else location.assign(`/as/${newcomer}/welcome`);
  });
}

if (!inside) {
  document.addEventListener("changed", point);
  point();
}
