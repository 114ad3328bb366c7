// The demo page: shows what the server draws, and sends what a person types, presses and fills in.

import "./clock.js";
import { write } from "./composer.js";
import { copy, inspect } from "./dialogs.js";
import { body, once, one } from "./ground.js";
import { closeFromInside, setPair } from "./pair.js";
import { go, setSide } from "./rooms.js";
import { turn } from "./tour.js";
import { act, follow, send } from "./wire.js";

const messageOf = (control) => control.closest("article")?.id ?? "";

function choose(select) {
  if (!select.value) return select.focus();
  const packed = one("[data-choose]", select.parentElement).dataset.choose;
  once(select, () => act("press", { message: messageOf(select), packed, value: select.value }));
}

document.addEventListener("pointerdown", (event) => {
  if (event.target.matches(".choose select")) event.target.dataset.pointed = "yes";
});

document.addEventListener("change", (event) => {
  // By keyboard, every arrow key changes a select: there the button beside it says when it is meant.
  if (event.target.matches(".choose select") && event.target.dataset.pointed) choose(event.target);
});

document.addEventListener("click", (event) => {
  const control = event.target.closest("button, a, [data-side]");
  if (!control) return;
  const { press, choose: chosen, go: room, side, inspect: message, line: typed, hours } = control.dataset;
  if (press !== undefined) once(control, () => act("press", { message: messageOf(control), packed: press }));
  else if (chosen !== undefined) choose(one("select", control.parentElement));
  else if (room !== undefined && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    control.closest("[popover]")?.hidePopover();
    go(room, true);
  } else if (side) setSide(side === "open");
  else if (message) once(control, () => inspect({ message }));
  else if ("inspectForm" in control.dataset) once(control, () => inspect({}));
  else if ("tour" in control.dataset) turn(control);
  else if (typed !== undefined) write(typed);
  else if (hours) once(control, () => send("/clock", { hours: Number(hours) }));
  else if ("close" in control.dataset) control.closest("dialog").close();
  else if ("copy" in control.dataset) copy(control);
  else if (control.id === "pair") setPair(!body.classList.contains("pair"));
  else if (control.id === "alone") closeFromInside();
  else if (control.id === "theme") setTheme();
  else if (control.id === "over") one("#confirm").showModal();
});

document.addEventListener("keydown", (event) => {
  if (event.target.matches(".choose select")) {
    delete event.target.dataset.pointed;
    if (event.key === "Enter") {
      event.preventDefault();
      choose(event.target);
    }
  }
  if (event.key === "Escape" && body.classList.contains("side")) setSide(false);
});

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function setTheme() {
  const theme = isDark() ? "light" : "dark";
  const framed = one("#beside")?.contentDocument;
  for (const each of [document, framed]) each?.documentElement.setAttribute("data-theme", theme);
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=strict`;
  nameTheme();
}

function nameTheme() {
  const words = one("#theme span");
  if (words) words.textContent = isDark() ? "Light" : "Dark";
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
nameTheme();
follow();
