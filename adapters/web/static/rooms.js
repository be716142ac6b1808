// The list of rooms: what there is, where something new was said.

import { pageURL } from "./api.js";
import { $, el, icon, settle } from "./dom.js";
import { t, text } from "./words.js";

const groups = ["incident", "mine", "it", "leaders", "direct", "department", "closed"];

function groupOf(room) {
  if (room.kind === "incident") return room.closed ? "closed" : "incident";
  if (room.mine) return "mine";
  return groups.includes(room.kind) ? room.kind : "department";
}

// Reading remembers, per person and in this browser, how far each room was read.
export class Reading {
  constructor(person) {
    this.key = `wardline.read.${person}`;
    this.marks = JSON.parse(localStorage.getItem(this.key) || "{}");
  }

  mark(room) { return this.marks[room] || 0; }

  upTo(room, id) {
    if (id <= this.mark(room)) return false;
    this.marks[room] = id;
    localStorage.setItem(this.key, JSON.stringify(this.marks));
    return true;
  }

  unread(room) { return room.news.filter((id) => id > this.mark(room.id)).length; }
}

// count writes a number of unread posts; beyond what the desk counts it is "50+".
function count(n) { return n >= 50 ? "50+" : String(n); }

// write changes a text only if it is another one.
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// tally shows a number of unread posts, if there are any.
function tally(element, n) {
  element.hidden = n === 0;
  write(element, n ? count(n) : "");
  if (n) element.setAttribute("aria-label", t("rooms.unread", { n }));
  else element.removeAttribute("aria-label");
}

export class Rooms {
  constructor(state, choose, past) {
    this.state = state;
    this.choose = choose;
    this.past = past; // asks for all past incidents
    this.unfolded = new Set();
    this.made = new Map(); // what the list is made of, by what it stands for
    $("side-open").addEventListener("click", () => this.drawer(true));
    $("side-close").addEventListener("click", () => this.drawer(false));
    $("veil").addEventListener("click", () => this.drawer(false));
    $("side").addEventListener("keydown", (event) => { if (event.key === "Escape") this.drawer(false); });
    this.narrow = matchMedia("(max-width: 759px)");
    this.narrow.addEventListener("change", () => this.drawer(false));
    this.drawer(false);
  }

  // drawer opens or closes the list on a phone. On a wide screen it is always there.
  drawer(open) {
    const phone = this.narrow.matches;
    const was = $("side").classList.contains("open");
    $("side").classList.toggle("open", phone && open);
    $("side").inert = phone && !open;
    $("main").inert = phone && open;
    $("veil").hidden = !(phone && open);
    $("side-open").setAttribute("aria-expanded", String(phone && open));
    if (phone && open) ($("rooms").querySelector("[aria-current]") || $("side-close")).focus();
    else if (was && phone) $("side-open").focus();
  }

  // draw shows the list as it is now. What is shown already is changed in place: a list made anew
  // under a finger would lose the tap, and news come fastest when people tap most.
  draw() {
    const { rooms, reading, room: here } = this.state;
    let elsewhere = 0;
    const focused = document.activeElement?.dataset?.room;
    const sections = [];
    for (const group of groups) {
      const members = rooms.filter((r) => groupOf(r) === group);
      if (members.length === 0) continue;
      let fresh = 0;
      const items = members.map((room) => {
        const unread = reading.unread(room);
        if (room.id !== here) {
          fresh += unread;
          if (group !== "department") elsewhere += unread; // a broadcast to forty wards is not forty calls
        }
        return this.item(room, unread);
      });
      if (group === "closed" && this.state.older) items.push(this.older());
      sections.push(this.section(group, members, items, fresh));
    }
    settle($("rooms"), sections);
    if (focused && document.activeElement?.dataset?.room !== focused) $("rooms").querySelector(`[data-room="${CSS.escape(focused)}"]`)?.focus();
    const badge = $("elsewhere");
    badge.hidden = elsewhere === 0;
    badge.textContent = count(elsewhere);
    $("side-open").setAttribute("aria-label", elsewhere ? `${t("rooms.open")} (${t("rooms.elsewhere", { n: elsewhere })})` : t("rooms.open"));
    const current = rooms.find((r) => r.id === here);
    const all = elsewhere + (current ? reading.unread(current) : 0);
    document.title = (all ? `(${count(all)}) ` : "") + t("title");
  }

  keep(key, make) {
    if (!this.made.has(key)) this.made.set(key, make());
    return this.made.get(key);
  }

  // section folds what is long and seldom wanted.
  section(group, members, items, fresh) {
    const foldable = (group === "department" || group === "closed") && members.length > 3;
    const one = this.keep(`${group} ${foldable}`, () => foldable ? this.fold(group) : el("section", {}, el("h2"), el("ul")));
    settle(one.querySelector("ul"), items);
    const name = t(`rooms.${group}`);
    if (!foldable) {
      one.setAttribute("aria-label", name);
      write(one.querySelector("h2"), name);
      return one;
    }
    one.open = this.unfolded.has(group) || members.some((r) => r.id === this.state.room);
    write(one.querySelector("summary span"), name);
    tally(one.querySelector(".count"), fresh);
    return one;
  }

  fold(group) {
    const fold = el("details", {},
      el("summary", {}, icon("fold"), el("span"), el("span", { class: group === "department" ? "count calm" : "count" })), el("ul"));
    fold.addEventListener("toggle", () => fold.open ? this.unfolded.add(group) : this.unfolded.delete(group));
    return fold;
  }

  item(room, unread) {
    const item = this.keep(room.id, () => el("li", {}, el("button", {
      type: "button", "data-room": room.id, onclick: () => { this.drawer(false); this.choose(room.id); },
    }, el("span"), el("span", { class: "count" }))));
    const button = item.firstChild;
    button.className = "room" + (unread ? " unread" : "");
    if (room.id === this.state.room) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
    write(button.firstChild, text(room.name));
    tally(button.lastChild, unread);
    return item;
  }

  older() {
    const item = this.keep("older", () => el("li", {}, el("button", { type: "button", class: "room", onclick: () => this.past() })));
    write(item.firstChild, t("rooms.older", { n: this.state.older }));
    return item;
  }

  // head writes where the person is.
  head(room) {
    $("room-name").textContent = text(room.name);
    $("room-about").textContent = room.about || "";
    $("room-about").hidden = !room.about;
    const phone = $("room-phone");
    phone.hidden = !room.phone;
    if (room.phone) {
      phone.href = `tel:${room.phone.replace(/[^\d+*#,;-]/g, "")}`;
      phone.setAttribute("aria-label", t("room.phone", { phone: room.phone }));
      settle(phone, []);
      phone.replaceChildren(icon("phone"), el("span", {}, room.phone));
    }
    const print = $("room-print");
    print.hidden = !room.print;
    if (room.print) {
      print.href = pageURL(room.print);
      print.setAttribute("aria-label", t(room.kind === "incident" ? "room.print_wards" : "room.print"));
      print.title = print.getAttribute("aria-label");
      settle(print, []);
      print.replaceChildren(icon("print"));
    }
    $("composer").hidden = false;
    $("locked").hidden = !room.closed;
    $("say").placeholder = t(room.kind === "direct" ? "say.direct" : "say.short");
  }
}
