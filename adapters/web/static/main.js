// The desk's page: who is here, which room is open, and what happens in it.

import { become, Fault, get, post, Queue } from "./api.js";
import { Composer } from "./composer.js";
import { $, el } from "./dom.js";
import { FormSheet } from "./form.js";
import { pick } from "./people.js";
import { Reading, Rooms } from "./rooms.js";
import { Stream } from "./stream.js";
import { Shelf, Talk } from "./talk.js";
import { dress, lang, languages, load, t, text } from "./words.js";

const personKey = "wardline.person"; // of this tab
const langKey = "wardline.lang";
const themes = ["auto", "light", "dark"];

// state is everything the parts share. Only this file changes it.
const state = { me: null, today: "", rooms: [], room: "", shelves: new Map(), reading: null };
let parts = null;

async function begin() {
  // Until the page knows the person's language, the browser's serves.
  const wanted = localStorage.getItem(langKey);
  await load(languages.includes(wanted) ? wanted : navigator.language.startsWith("zh") ? "zh" : "en");
  become(sessionStorage.getItem(personKey) || "");
  let start = await patiently(() => get("/api/start"));
  if (!wanted && !start.me) await load(start.lang === "en" ? "en" : "zh");
  dress();
  if (start.demo && !start.me) {
    await choosePerson(start, "");
    start = await patiently(() => get("/api/start"));
  }
  if (!start.me) { signedOut(); return; }
  if (!wanted && languages.includes(start.me.lang)) await load(start.me.lang);
  await enter(start);
}

async function choosePerson(start, me) {
  const chosen = await pick(start.people, me);
  sessionStorage.setItem(personKey, chosen);
  become(chosen);
}

// patiently asks until there is an answer: at night the server may be starting at this moment.
async function patiently(ask) {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      return await ask();
    } catch (fault) {
      if (fault.status !== 0 && fault.status < 500) throw fault;
      line("lost");
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

async function enter(start) {
  Object.assign(state, { me: start.me, today: start.today, boot: start.boot, demo: start.demo, start, shelves: new Map(), reading: new Reading(start.me.id) });
  parts ??= build();
  parts.queue?.stop();
  parts.stream?.close();
  settings();
  dress();
  await loadRooms();
  $("app").hidden = false;
  parts.queue = new Queue(`wardline.queue.${start.me.id}`, () => parts.talk.pending(parts.queue?.lines ?? []), answered);
  parts.stream = new Stream(start.head, {
    post: take, up: () => { line(""); parts.queue.nudge(); }, down: () => line("lost"),
    hello: (hello) => { if (hello.boot !== state.boot) restarted(hello); },
    reset: () => { state.shelves.clear(); open(state.room); },
  });
  await open(firstRoom(), false);
}

function build() {
  const talk = new Talk(state, { press, older, read, retry, drop, offers: () => parts.composer.commonest(() => {}) });
  const form = new FormSheet(submitForm, press);
  return { talk, form, rooms: new Rooms(state, (id) => open(id), () => { state.past = true; return loadRooms(); }), composer: new Composer(state, say) };
}

// firstRoom is where the person was, or where they belong.
function firstRoom() {
  const asked = decodeURIComponent(location.hash.replace(/^#/, ""));
  const has = (id) => state.rooms.some((r) => r.id === id);
  const last = sessionStorage.getItem(`wardline.room.${state.me.id}`);
  if (has(asked)) return asked;
  if (has(last)) return last;
  const home = state.rooms.find((r) => state.me.role === "clinical" ? r.mine : r.kind === (state.me.role === "leader" ? "leaders" : "it"));
  return (home || state.rooms[0]).id;
}

async function loadRooms() {
  const { rooms, older } = await patiently(() => get(state.past ? "/api/rooms?past=all" : "/api/rooms"));
  Object.assign(state, { rooms, older });
  parts.rooms.draw();
}

// open shows a room; its history comes from the desk the first time.
async function open(id, focus = true) {
  const room = state.rooms.find((r) => r.id === id);
  if (!room) return;
  state.room = id;
  sessionStorage.setItem(`wardline.room.${state.me.id}`, id);
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  parts.talk.enter(room);
  parts.rooms.head(room);
  parts.composer.enter();
  if (!state.shelves.has(id)) state.shelves.set(id, new Shelf());
  const shelf = state.shelves.get(id);
  parts.talk.draw();
  if (!shelf.loaded) {
    await fetchPosts(id, 0);
    if (state.room !== id) return;
    shelf.loaded = true;
    parts.talk.draw();
  }
  parts.talk.pending(parts.queue.lines);
  parts.rooms.draw();
  if (focus && matchMedia("(pointer: fine)").matches) $("say").focus(); // on a phone the keyboard would jump up
}

async function fetchPosts(id, before) {
  const q = new URLSearchParams({ room: id, before });
  const { posts, pinned, more } = await patiently(() => get(`/api/posts?${q}`));
  const shelf = state.shelves.get(id);
  if (!shelf) return;
  for (const one of [...posts, ...pinned]) shelf.take(one);
  shelf.more = more;
}

async function older() {
  const ids = [...state.shelves.get(state.room).posts.keys()];
  await fetchPosts(state.room, Math.min(...ids));
  parts.talk.growing = true;
  parts.talk.draw();
  parts.talk.growing = false;
  $("talk").focus({ preventScroll: true });
}

// take folds a post in, wherever it came from.
function take(post) {
  if (post.day > state.today) state.today = post.day;
  const room = state.rooms.find((r) => r.id === post.room);
  if (!room || post.kind === "open_room" || post.kind === "close_room") refreshRooms();
  if (room && post.counts && !room.news.includes(post.id)) room.news.push(post.id);
  const shelf = state.shelves.get(post.room);
  const fresh = shelf?.take(post);
  if (post.room === state.room) {
    if (!fresh) return;
    parts.talk.came(post);
    parts.talk.draw();
    parts.talk.heard(post);
  }
  parts.rooms.draw();
}

let refreshing = 0;
function refreshRooms() {
  clearTimeout(refreshing);
  refreshing = setTimeout(async () => {
    await loadRooms();
    const room = state.rooms.find((r) => r.id === state.room);
    if (room) parts.rooms.head(room);
    else await open(firstRoom()); // the room is no longer ours to see
  }, 100);
}

// restarted looks again at what a new program may show differently. Posts need nothing: the stream
// goes on where it was.
async function restarted(hello) {
  state.boot = hello.boot;
  await loadRooms();
}

function read(id) {
  if (state.reading.upTo(state.room, id)) parts.rooms.draw();
}

function say(text) { parts.queue.send({ room: state.room, text }); parts.talk.bottom(); }

// press says what a button says; of is the post the button stands on.
function press(text, label, of) { return parts.queue.send({ room: state.room, text, label, of, quiet: true }); }

// submitForm sends a form and waits for the answer; a no comes back as a fault to show in the form.
async function submitForm(room, command, args) {
  const done = await parts.queue.send({ room, command, args, quiet: true });
  if (done) return done;
  const failed = parts.queue.lines.find((l) => l.command === command && l.fault);
  parts.queue.drop(failed?.id);
  return { fault: failed?.fault || t("error.internal") };
}

// answered shows what the desk said to a line of ours.
function answered(line, answer) {
  for (const one of answer.posts) take(one);
  if (answer.form && !line.command) {
    if (line.room === state.room) parts.form.open(line.room, answer.form, answer);
    return;
  }
  const reply = answer.posts.findLast((p) => p.private);
  if (reply && line.room === state.room) requestAnimationFrame(() => parts.talk.show(reply.id));
}

function retry(line) {
  parts.queue.drop(line.id);
  parts.composer.put(line.text || `/${line.command}`);
}

function drop(line) { parts.queue.drop(line.id); }

// line says how the connection is.
function line(how) {
  const bar = $("line");
  const was = bar.dataset.how || "";
  bar.dataset.how = how;
  bar.textContent = how ? t(`line.${how}`) : was === "lost" ? t("line.back") : "";
  bar.classList.toggle("shown", how !== "");
}

function signedOut() {
  $("app").hidden = true;
  document.body.append(el("main", { class: "card" }, el("img", { src: "/static/icon.svg", alt: "", width: "48", height: "48" }), el("h1", {}, t("title")), el("p", {}, t("line.signed_out"))));
}

function settings() {
  const { me, start } = state;
  $("hospital").textContent = text(start.hospital);
  const who = $("whoami");
  who.replaceChildren(el("span", { class: "name" }, me.name), el("span", { class: "hint" }, [t(`role.${me.role}`), text(me.department)].filter(Boolean).join(" · ")),
    el("span", { class: "swap" }, t(state.demo ? "people.change" : "people.signout")));
  who.onclick = state.demo ? change : leave;
  $("lang").textContent = t("lang.other");
  $("lang").setAttribute("lang", lang() === "zh" ? "en" : "zh-CN");
  $("lang").title = t("lang.label");
  $("lang").onclick = otherLanguage;
  const theme = localStorage.getItem("wardline.theme") || "auto";
  $("theme").textContent = t(`theme.${theme}`);
  $("theme").onclick = () => {
    const next = themes[(themes.indexOf(theme) + 1) % themes.length];
    localStorage.setItem("wardline.theme", next);
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    settings();
  };
}

async function change() {
  const before = state.me.id;
  await choosePerson(state.start, before);
  const start = await patiently(() => get("/api/start"));
  if (start.me && start.me.id !== before) {
    history.replaceState(null, "", location.pathname);
    await enter(start);
  }
}

async function leave() {
  await post("/api/signout", {});
  parts.stream.close();
  parts.queue.stop();
  signedOut();
}

async function otherLanguage() {
  const next = lang() === "zh" ? "en" : "zh";
  await load(next);
  localStorage.setItem(langKey, next);
  dress();
  settings();
  parts.rooms.draw();
  await open(state.room, false);
}

begin().catch((fault) => {
  if (fault instanceof Fault && fault.status === 401) signedOut();
  else throw fault;
});
