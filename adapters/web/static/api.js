// Talking to the desk: asking, and an outgoing queue that loses nothing.

import { lang } from "./words.js";

let person = ""; // only in a demo; otherwise a cookie says who this is

export function become(id) { person = id; }

function headers() {
  const all = { "X-Wardline-Lang": lang() };
  if (person) all["X-Wardline-Person"] = person;
  return all;
}

// eventsURL is where the stream starts. A stream cannot send headers.
export function eventsURL(after) {
  const q = new URLSearchParams({ after, lang: lang() });
  if (person) q.set("person", person);
  return `/events?${q}`;
}

// pageURL is the address of a page that opens in a tab of its own and cannot send headers either.
export function pageURL(path) {
  const q = new URLSearchParams({ lang: lang() });
  if (person) q.set("person", person);
  return `${path}?${q}`;
}

// Fault is an answer that says no. Lost (status 0) means that there was no answer.
export class Fault extends Error {
  constructor(status, body) {
    super(body?.error || "");
    this.status = status;
    this.code = body?.code || "";
    this.wait = body?.wait || 0;
  }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { ...options, headers: { ...headers(), ...options.headers }, cache: "no-store" });
  } catch {
    throw new Fault(0);
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Fault(answer.status, body);
  if (body === null) throw new Fault(0); // cut off on the way
  return body;
}

export const get = (path) => ask(path);

export const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

// newID names one act, so that repeating it after a lost answer is still one act.
export function newID() {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

const longest = 8000; // milliseconds between tries

// A Queue sends lines one after the other and keeps them over lost connections and reloads.
export class Queue {
  constructor(key, changed, answered) {
    this.key = key;
    this.changed = changed;
    this.answered = answered;
    this.waiters = new Map();
    this.lines = JSON.parse(sessionStorage.getItem(key) || "[]");
    this.wake = () => {};
    this.stopped = false;
    if (this.lines.length > 0) this.run();
  }

  // send queues a line. The promise ends with the desk's answer, or null when it said no.
  send(line) {
    const entry = { id: newID(), ...line };
    this.lines.push(entry);
    this.keep();
    const done = new Promise((resolve) => this.waiters.set(entry.id, resolve));
    this.run();
    return done;
  }

  drop(id) {
    this.lines = this.lines.filter((l) => l.id !== id);
    this.waiters.get(id)?.(null);
    this.waiters.delete(id);
    this.keep();
  }

  // nudge tries at once instead of waiting: the connection is back.
  nudge() { this.wake(); this.run(); }

  stop() { this.stopped = true; this.wake(); }

  keep() {
    sessionStorage.setItem(this.key, JSON.stringify(this.lines));
    this.changed();
  }

  async run() {
    if (this.running) return;
    this.running = true;
    let pause = 500;
    for (let line; !this.stopped && (line = this.lines.find((l) => !l.fault));) {
      try {
        line.busy = true;
        this.changed();
        const { busy, late, quiet, tries, ...said } = line;
        const answer = await post("/api/say", said);
        pause = 500;
        const waiter = this.waiters.get(line.id);
        this.waiters.delete(line.id);
        // A form that was submitted before a reload is gone; its refusal must still be read.
        if (line.command && answer.refused && !waiter) Object.assign(line, { fault: answer.text, quiet: false });
        else this.lines = this.lines.filter((l) => l.id !== line.id);
        this.answered(line, answer);
        this.keep();
        waiter?.(answer);
      } catch (fault) {
        line.busy = false;
        // The desk's own fault may pass, but a person must not wait for it for ever.
        if (fault.status === 500) line.tries = (line.tries || 0) + 1;
        if (fault.status === 0 || fault.status === 429 || fault.status >= 500 && !(line.tries > 4)) {
          line.late = true;
          this.keep();
          await new Promise((resolve) => { this.wake = resolve; setTimeout(resolve, Math.max(pause, fault.wait * 1000)); });
          pause = Math.min(pause * 2, longest);
          continue;
        }
        line.fault = fault.message || String(fault);
        line.quiet = Boolean(line.command); // a form shows its own faults
        this.waiters.get(line.id)?.(null);
        this.waiters.delete(line.id);
        this.keep();
      }
    }
    this.running = false;
  }
}
