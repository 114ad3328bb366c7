// What is sent, and what comes back: by the answer, and by the stream of events.

import { body, here, lastingly, notify } from "./ground.js";

const AGAIN_MS = 1500;
const takers = {};

// `taker(event, asked)` is given every event of a kind; `asked` says that it answers something done on this page.
export const take = (kind, taker) => (takers[kind] = taker);

export async function send(path, content, signal) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
      signal,
    });
  } catch (problem) {
    if (problem.name !== "AbortError") notify("The demo does not answer. Start it again with: make demo");
    return null;
  }
  if (!response.ok) {
    notify((await response.text()) || "That did not work. Reload the page and try again.");
    return null;
  }
  const answer = await response.json();
  (answer.events ?? []).forEach((event) => takers[event.kind](event, true));
  if (answer.form) takers.form(answer.form);
  if (answer.notice) notify(answer.notice);
  return answer;
}

export const act = (verb, content) =>
  send(`${here}/${verb}`, { event: crypto.randomUUID(), room: body.dataset.room, ...content });

let source;
let waiting;

// A browser opens six connections to one address, so a tab that nobody looks at holds none, and catches up later.
export function follow() {
  source?.close();
  clearTimeout(waiting);
  if (document.hidden) return;
  source = new EventSource(`${here}/events?after=${encodeURIComponent(body.dataset.position)}`);
  source.onopen = () => lastingly("");
  source.onmessage = (message) => {
    if (message.lastEventId) body.dataset.position = message.lastEventId;
    const event = JSON.parse(message.data);
    takers[event.kind](event, false);
  };
  source.onerror = () => {
    lastingly("The demo does not answer. The page goes on when it is back: make demo");
    // The browser tries again by itself, unless something else answered in the demo's place.
    if (source.readyState === EventSource.CLOSED) waiting = setTimeout(follow, AGAIN_MS);
  };
}

take("reload", () => location.reload());
document.addEventListener("visibilitychange", follow);
