// What opens over the page: forms with their errors, the inspector, and the question before starting over.

import { all, body, here, once, one } from "./ground.js";
import { act, send, take } from "./wire.js";

const sheet = one("#form");
const inspector = one("#inspector");

take("form", (html) => {
  sheet.innerHTML = html;
  const form = one("form", sheet);
  sheet.setAttribute("aria-labelledby", "form-title");
  if (!sheet.open) sheet.showModal();
  const wrong = one("[aria-invalid=true]", form);
  const first = wrong?.matches("fieldset") ? one("input", wrong) : wrong;
  (first ?? one(".question input, .question textarea, .question select", form))?.focus();
});

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
      (replaced || one("#line")).focus({ preventScroll: true });
    }
  });
});

// What was typed does not stay behind in a closed form.
sheet.addEventListener("close", () => sheet.replaceChildren());

one("#confirm form").addEventListener("submit", (event) => {
  event.preventDefault();
  once(one("[type=submit]", event.target), async () => {
    if (await send("/reset", {})) location.reload();
  });
});

export async function inspect(content) {
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
    panel.append(code, one("#copy").content.cloneNode(true));
    return panel;
  });
  one(".tabs", inspector).replaceChildren(...tabs);
  one(".panels", inspector).replaceChildren(...panels);
  if (!inspector.open) inspector.showModal();
  if (tabs.length) openTab(0);
}

function openTab(index) {
  all("[role=tab]", inspector).forEach((tab, at) => {
    tab.setAttribute("aria-selected", at === index);
    tab.tabIndex = at === index ? 0 : -1;
    if (at === index) tab.focus();
  });
  all("[role=tabpanel]", inspector).forEach((panel, at) => (panel.hidden = at !== index));
}

inspector.addEventListener("keydown", (event) => {
  if (!event.target.matches("[role=tab]") || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const tabs = all("[role=tab]", inspector);
  const step = event.key === "ArrowRight" ? 1 : tabs.length - 1;
  openTab((tabs.indexOf(event.target) + step) % tabs.length);
});

function coloured(json) {
  return json.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?)/).map((text, index) => {
    if (index % 2 === 0) return text;
    const part = document.createElement("span");
    part.className = text.endsWith(":") ? "key" : text.startsWith('"') ? "string" : "value";
    part.textContent = text;
    return part;
  });
}

export async function copy(control) {
  await navigator.clipboard.writeText(one("pre", control.parentElement).textContent);
  const words = one("span", control);
  words.textContent = "Copied";
  setTimeout(() => (words.textContent = "Copy"), 1500);
}
