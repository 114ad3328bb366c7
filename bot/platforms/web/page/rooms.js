// Rooms and their messages: what arrives, where it is put, and going from one room to another.

import { all, body, here, inside, one, pointer } from "./ground.js";
import { take } from "./wire.js";

const log = one("#log");
const NEAR_THE_END_PX = 80;
const sectionOf = (room) => one(`section[data-room="${CSS.escape(room)}"]`);

// Tells the document that what can be pressed has changed, which the tour listens to.
export const changed = () => document.dispatchEvent(new Event("changed"));

take("message", (event, asked) => {
  const known = document.getElementById(event.id);
  if (known && !event.again && Number(known.dataset.number) >= event.number) {
    // An answer comes by the stream as well, and often there first, as something nobody here asked for.
    if (asked && known.classList.contains("new")) bringIntoView(known);
    return;
  }
  const made = document.createRange().createContextualFragment(event.html).querySelector("article");
  if (known) takePlace(known, made);
  else add(made, event, asked);
  changed();
});

function add(made, event, asked) {
  const section = sectionOf(event.room);
  if (!section) return;
  const atTheEnd = log.scrollTop > -NEAR_THE_END_PX || beginsInView(section.lastElementChild);
  made.classList.add("new");
  section.append(made);
  if (event.room !== body.dataset.room) count(event.room);
  else if (asked || event.mine || atTheEnd) bringIntoView(made);
}

// Whoever reads a tall last message from its beginning is at the end as well.
const beginsInView = (last) =>
  last.getBoundingClientRect().top > log.getBoundingClientRect().top - NEAR_THE_END_PX;

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

export function go(room, push) {
  const section = sectionOf(room);
  if (!section) return location.assign(`${here}/${room}${location.search}`);
  body.dataset.room = room;
  all("section[data-room]").forEach((each) => (each.hidden = each !== section));
  all("nav [data-go]").forEach((each) => {
    each.removeAttribute("aria-current");
    if (each.dataset.go !== room) return;
    each.setAttribute("aria-current", "page");
    setCount(each, 0);
  });
  all("[data-as]").forEach((each) => (each.href = `/as/${each.dataset.as}/${room}${location.search}`));
  one(".where span").textContent = section.dataset.name;
  one(".where use").setAttribute("href", `#icon-${section.dataset.icon}`);
  one(".where .topic").textContent = section.dataset.topic;
  document.title = `${section.dataset.name} · Steppingstone demo`;
  if (push) history.pushState(null, "", `${here}/${room}${location.search}`);
  log.scrollTop = 0;
  setSide(false);
  changed();
  if (pointer.matches) one("#line").focus();
}

function count(room) {
  const link = one(`nav [data-go="${CSS.escape(room)}"]`);
  if (link) setCount(link, Number(one(".count b", link).textContent) + 1);
}

function setCount(link, number) {
  const badge = one(".count", link);
  one("b", badge).textContent = number || "";
  badge.hidden = !number;
  const nothing = all(".count").every((each) => each.hidden);
  one(".bar .dot").hidden = nothing;
  one("[data-side=open]").setAttribute("aria-label", nothing ? "Rooms and people" : "Rooms and people, something is new");
}

// The side of rooms and people, which slides in where there is no place for it.
export function setSide(open) {
  const opener = one("[data-side=open]");
  if (body.classList.contains("side") === open) return;
  body.classList.toggle("side", open);
  one("main").inert = open;
  opener.setAttribute("aria-expanded", open);
  if (open) one(".brand button").focus();
  else opener.focus();
}

addEventListener("popstate", () => go(location.pathname.split("/").pop(), false));
if (pointer.matches && !inside) one("#line").focus();
