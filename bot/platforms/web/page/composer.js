// The message box and its suggestions.

import { all, body, here, one } from "./ground.js";
import { act } from "./wire.js";

const line = one("#line");
const list = one("#suggestions");
let rows = [];
let marked = -1;
let asking = null;
let coming = null;

function suggest() {
  asking?.abort();
  coming = null;
  if (!line.value.startsWith("/")) return closeList();
  asking = new AbortController();
  const mine = (coming = fetchRows(line.value, asking.signal).then(() => {
    if (coming === mine) coming = null;
  }));
}

async function fetchRows(typed, signal) {
  try {
    const response = await fetch(`${here}/complete`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ room: body.dataset.room, line: typed }),
      signal,
    });
    const suggestions = response.ok ? (await response.json()).suggestions : [];
    if (signal.aborted || line.value !== typed) return;
    rows = suggestions.filter((each) => each.line !== typed);
    // While the command is not whole, Enter takes the first one; after that it sends.
    const whole = suggestions.some((each) => each.line.trim() === typed.trim());
    drawList(!whole && rows[0]?.label.startsWith("/") ? 0 : -1);
  } catch (problem) {
    if (problem.name !== "AbortError") closeList();
  }
}

function drawList(at) {
  list.replaceChildren(
    ...rows.map((row, index) => {
      const item = document.createElement("li");
      const label = document.createElement("b");
      const hint = document.createElement("span");
      item.id = `suggestion-${index}`;
      item.role = "option";
      label.textContent = row.label;
      hint.textContent = row.hint;
      item.append(label, hint);
      return item;
    }),
  );
  list.hidden = !rows.length;
  line.setAttribute("aria-expanded", Boolean(rows.length));
  mark(at);
}

function mark(index) {
  marked = index;
  all("li", list).forEach((each, at) => each.setAttribute("aria-selected", at === index));
  const item = list.children[index];
  if (item) line.setAttribute("aria-activedescendant", item.id);
  else line.removeAttribute("aria-activedescendant");
  item?.scrollIntoView({ block: "nearest" });
}

function closeList() {
  asking?.abort();
  coming = null;
  rows = [];
  drawList(-1);
}

// Puts a line into the box, for the person to go on with.
export function write(text) {
  closeList();
  line.value = text;
  line.focus();
  line.setSelectionRange(text.length, text.length);
}

function pick(index) {
  write(rows[index].line);
  suggest();
}

list.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  const item = event.target.closest("li");
  if (item) pick([...list.children].indexOf(item));
});

line.addEventListener("input", suggest);
line.addEventListener("blur", closeList);
line.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const last = rows.length - 1;
  if (event.key === "Escape" && !rows.length) return closeList();
  if (event.key === "Escape") closeList();
  else if (event.key === "Enter" && coming) coming.then(enter);
  else if (event.key === "Enter") enter();
  else if (!rows.length) return;
  else if (event.key === "ArrowDown") mark(marked >= last ? 0 : marked + 1);
  else if (event.key === "ArrowUp") mark(marked <= 0 ? last : marked - 1);
  else if (event.key === "Tab" && !event.shiftKey && !coming) pick(Math.max(marked, 0));
  else return;
  event.preventDefault();
});

// What Enter means is known only when the suggestions for what was typed are there.
function enter() {
  if (marked >= 0) pick(marked);
  else one("#composer").requestSubmit();
}

one("#composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = line.value.trim();
  if (!text) return line.focus();
  write("");
  act("say", { text }).then((answer) => {
    // What could not be sent is given back, unless something new was begun.
    if ((!answer || answer.notice) && !line.value) write(text);
  });
});
