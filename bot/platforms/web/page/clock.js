// The clock runs by itself; the server says only when it was moved.

import { all, body, one } from "./ground.js";
import { take } from "./wire.js";

const MINUTE_MS = 60_000;
let ahead = Number(body.dataset.now) - Date.now();

take("clock", (event) => {
  ahead = event.now - Date.now();
  one("#clock .full").textContent = event.text;
  one("#clock ol").innerHTML = event.came;
  tick();
});

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
  }, MINUTE_MS - ((Date.now() + ahead) % MINUTE_MS));
}

tick();
tickEachMinute();
