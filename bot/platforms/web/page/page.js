// The demo page: shows what the server draws, and sends what a person types, presses and fills in.

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const body = document.body;
const here = `/as/${body.dataset.persona}`;
const line = one("#line");
const list = one("#suggestions");
const log = one("#log");
const sheet = one("#form");
const pointer = matchMedia("(hover: hover)");

// What is sent and what comes back

async function send(path, content) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
    });
  } catch {
    notify("The demo does not answer. Start it again with: make demo");
    return null;
  }
  if (!response.ok) {
    notify((await response.text()) || "That did not work. Reload the page and try again.");
    return null;
  }
  const answer = await response.json();
  (answer.events ?? []).forEach((event) => show(event, true));
  if (answer.form) openForm(answer.form);
  if (answer.notice) notify(answer.notice);
  return answer;
}

const act = (verb, content) =>
  send(`${here}/${verb}`, { event: crypto.randomUUID(), room: body.dataset.room, ...content });

let source;

// A browser opens six connections to one address, so a tab that nobody looks at holds none, and catches up later.
function follow() {
  source?.close();
  if (document.hidden) return;
  source = new EventSource(`${here}/events?after=${encodeURIComponent(body.dataset.position)}`);
  source.onmessage = (message) => {
    if (message.lastEventId) body.dataset.position = message.lastEventId;
    show(JSON.parse(message.data), false);
  };
  source.onerror = () => notify("Connection lost. Trying again.", true);
  source.onopen = () => notify("");
}

function show(event, asked) {
  if (event.kind === "reload") return location.reload();
  if (event.kind === "clock") return setClock(event);
  const known = document.getElementById(event.id);
  if (known && !event.again && Number(known.dataset.number) >= event.number) {
    // An answer comes by the stream as well, and often there first, as something nobody here asked for.
    if (asked && known.classList.contains("new")) bringIntoView(known);
    return;
  }
  const made = document.createRange().createContextualFragment(event.html).querySelector("article");
  if (known) return takePlace(known, made);
  const section = one(`section[data-room="${CSS.escape(event.room)}"]`);
  if (!section) return;
  made.classList.add("new");
  section.append(made);
  if (event.room !== body.dataset.room) count(event.room);
  else if (asked || event.mine || log.scrollTop > -80) bringIntoView(made);
}

function bringIntoView(made) {
  // The log grows upwards from 0. What is taller than it is read from its beginning.
  log.scrollTop = 0;
  if (made.offsetHeight > log.clientHeight - 40) made.scrollIntoView({ block: "start" });
}

function takePlace(known, made) {
  const focused = known.contains(document.activeElement) ? document.activeElement : null;
  known.replaceWith(made);
  if (focused) (sameControl(focused, made) ?? made).focus({ preventScroll: true });
}

// The focus stays on what does the same, or the opposite: another press of Enter never does something else.
function sameControl(focused, made) {
  const chosen = focused.closest(".choose");
  if (chosen) {
    const named = (each) => one("select", each).getAttribute("aria-label");
    const same = all(".choose", made).find((each) => named(each) === named(chosen));
    return same && one(focused.localName, same);
  }
  const { press } = focused.dataset;
  if (!press) return null;
  const key = (packed) => packed.split(":")[0];
  const alike = all("[data-press]", made).filter((each) => key(each.dataset.press) === key(press));
  return (
    alike.find((each) => each.dataset.press === press) ??
    alike.find((each) => each.textContent === focused.textContent) ??
    (alike.length === 1 ? alike[0] : null)
  );
}

// Rooms and people

function go(room, push) {
  const section = one(`section[data-room="${CSS.escape(room)}"]`);
  if (!section) return location.assign(`${here}/${room}`);
  body.dataset.room = room;
  all("section[data-room]").forEach((each) => (each.hidden = each !== section));
  all("[data-go]").forEach((each) => {
    each.toggleAttribute("aria-current", each.dataset.go === room);
    if (each.dataset.go === room) {
      each.setAttribute("aria-current", "page");
      setCount(each, 0);
    }
  });
  all("[data-as]").forEach((each) => (each.href = `/as/${each.dataset.as}/${room}`));
  one(".where span").textContent = section.dataset.name;
  one(".where use").setAttribute("href", `#icon-${section.dataset.icon}`);
  one(".where p").textContent = section.dataset.topic;
  document.title = `${section.dataset.name} · Steppingstone demo`;
  if (push) history.pushState(null, "", `${here}/${room}`);
  log.scrollTop = 0;
  setSide(false);
  closeList();
  if (pointer.matches) line.focus();
}

function count(room) {
  const link = one(`[data-go="${CSS.escape(room)}"]`);
  if (link) setCount(link, Number(one(".count", link).textContent || 0) + 1);
}

function setCount(link, number) {
  const badge = one(".count", link);
  badge.textContent = number || "";
  badge.hidden = !number;
  badge.setAttribute("aria-label", `${number} new`);
  one(".bar .dot").hidden = all(".count").every((each) => each.hidden);
}

function setSide(open) {
  const opener = one("[data-side=open]");
  if (body.classList.contains("side") === open) return;
  body.classList.toggle("side", open);
  one("main").inert = open;
  opener.setAttribute("aria-expanded", open);
  if (open) one(".brand button").focus();
  else opener.focus();
}

// The clock runs by itself; the server says only when it was moved

let ahead = Number(body.dataset.now) - Date.now();

function setClock(event) {
  ahead = event.now - Date.now();
  one("#clock .full").textContent = event.text;
  tick();
}

function tick() {
  const now = new Date(Date.now() + ahead);
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const show = (each, zone, format) =>
    (each.textContent = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...format }).format(now));
  all("[data-zone]").forEach((each) => show(each, each.dataset.zone, time));
  all("[data-clock]").forEach((each) => show(each, each.dataset.clock, { weekday: "short", ...time }));
}

function tickEachMinute() {
  setTimeout(() => {
    tick();
    tickEachMinute();
  }, 60_000 - ((Date.now() + ahead) % 60_000));
}

// Presses and choices

async function once(control, work) {
  // Marked rather than disabled: a disabled control would lose the keyboard's focus.
  if (control.getAttribute("aria-disabled") === "true") return;
  control.setAttribute("aria-disabled", "true");
  try {
    await work();
  } finally {
    control.removeAttribute("aria-disabled");
  }
}

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
    go(room, true);
  } else if (side) setSide(side === "open");
  else if (message) once(control, () => inspect({ message }));
  else if ("inspectForm" in control.dataset) once(control, () => inspect({}));
  else if (typed !== undefined) write(typed);
  else if (hours) once(control, () => send("/clock", { hours: Number(hours) }));
  else if ("close" in control.dataset) control.closest("dialog").close();
  else if ("copy" in control.dataset) copy(control);
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
  if (event.target.matches("[role=tab]") && ["ArrowLeft", "ArrowRight"].includes(event.key)) nextTab(event);
});

// Forms

function openForm(html) {
  sheet.innerHTML = html;
  const form = one("form", sheet);
  sheet.setAttribute("aria-labelledby", "form-title");
  if (!sheet.open) sheet.showModal();
  const wrong = one("[aria-invalid=true]", form);
  const first = wrong?.matches("fieldset") ? one("input", wrong) : wrong;
  (first ?? one(".question input, .question textarea, .question select", form))?.focus();
}

function valueOf(question) {
  const inputs = all("input, textarea, select", question);
  const ticked = inputs.filter((each) => each.checked).map((each) => each.value);
  if (question.dataset.kind === "CHOICES") return ticked;
  return question.matches("fieldset") ? (ticked[0] ?? "") : inputs[0].value;
}

sheet.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const values = Object.fromEntries(all(".question", form).map((each) => [each.dataset.field, valueOf(each)]));
  const { packed, room, message } = form.dataset;
  once(one("[type=submit]", form), async () => {
    const answer = await act("submit", { room, message, packed, values });
    if (!answer || answer.form) return;
    sheet.close();
    const replaced = message && document.getElementById(message);
    // Where the button that opened the form is gone, the focus would go nowhere.
    if (!document.activeElement.checkVisibility() || document.activeElement === body) {
      (replaced || line).focus({ preventScroll: true });
    }
  });
});

// What was typed does not stay behind in a closed form.
sheet.addEventListener("close", () => sheet.replaceChildren());

one("#confirm form").addEventListener("submit", (event) => {
  event.preventDefault();
  once(one("[type=submit]", event.target), async () => {
    if (await send("/reset", {})) location.assign(`${here}/${body.dataset.room}`);
  });
});

// The message box and its suggestions

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
    if (line.value !== typed) return;
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

function write(text) {
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

// The inspector

async function inspect(content) {
  const answer = await send(`${here}/inspect`, content);
  if (!answer?.payloads) return;
  const tabs = answer.payloads.map(({ name }, index) => {
    const tab = document.createElement("button");
    Object.assign(tab, { type: "button", role: "tab", id: `tab-${index}`, textContent: name });
    tab.setAttribute("aria-controls", `panel-${index}`);
    tab.addEventListener("click", () => openTab(index));
    return tab;
  });
  const panels = answer.payloads.map(({ json, problem }, index) => {
    const panel = document.createElement("div");
    Object.assign(panel, { role: "tabpanel", id: `panel-${index}` });
    panel.setAttribute("aria-labelledby", `tab-${index}`);
    const code = document.createElement("pre");
    code.tabIndex = 0;
    code.append(...(problem ? [problem] : coloured(json)));
    const button = one("#copy").content.cloneNode(true);
    panel.append(code, button);
    return panel;
  });
  one("#inspector .tabs").replaceChildren(...tabs);
  one("#inspector .panels").replaceChildren(...panels);
  if (!one("#inspector").open) one("#inspector").showModal();
  if (tabs.length) openTab(0);
}

function openTab(index) {
  all("#inspector [role=tab]").forEach((tab, at) => {
    tab.setAttribute("aria-selected", at === index);
    tab.tabIndex = at === index ? 0 : -1;
    if (at === index) tab.focus();
  });
  all("#inspector [role=tabpanel]").forEach((panel, at) => (panel.hidden = at !== index));
}

function nextTab(event) {
  const tabs = all("#inspector [role=tab]");
  const step = event.key === "ArrowRight" ? 1 : tabs.length - 1;
  openTab((tabs.indexOf(event.target) + step) % tabs.length);
}

function coloured(json) {
  return json.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?)/).map((text, index) => {
    if (index % 2 === 0) return text;
    const part = document.createElement("span");
    part.className = text.endsWith(":") ? "key" : text.startsWith('"') ? "string" : "value";
    part.textContent = text;
    return part;
  });
}

async function copy(control) {
  await navigator.clipboard.writeText(one("pre", control.parentElement).textContent);
  const words = one("span", control);
  words.textContent = "Copied";
  setTimeout(() => (words.textContent = "Copy"), 1500);
}

// Small things

let hiding;

function notify(text, stays = false) {
  clearTimeout(hiding);
  one("#notice").textContent = text;
  if (text && !stays) hiding = setTimeout(() => notify(""), 6000);
}

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function setTheme() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=strict`;
  nameTheme();
}

const nameTheme = () => (one("#theme span").textContent = isDark() ? "Light" : "Dark");

addEventListener("popstate", () => go(location.pathname.split("/").pop(), false));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
document.addEventListener("visibilitychange", follow);
nameTheme();
tick();
tickEachMinute();
follow();
if (pointer.matches) line.focus();
