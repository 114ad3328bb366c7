// What every other module stands on: finding elements, one press at a time, and short notices.

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const body = document.body;
export const here = `/as/${body.dataset.persona}`;
export const inside = body.classList.contains("inside");
export const pointer = matchMedia("(hover: hover)");

export async function once(control, work) {
  // Marked rather than disabled: a disabled control would lose the keyboard's focus.
  if (control.getAttribute("aria-disabled") === "true") return;
  control.setAttribute("aria-disabled", "true");
  try {
    await work();
  } finally {
    control.removeAttribute("aria-disabled");
  }
}

let hiding;
let lasting = "";

export function notify(text) {
  clearTimeout(hiding);
  one("#notice").textContent = text || lasting;
  if (text) hiding = setTimeout(() => notify(""), 6000);
}

// What stays true until it is taken back; shorter notices come and go before it.
export function lastingly(text) {
  lasting = text;
  notify("");
}
