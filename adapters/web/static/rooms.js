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

export class Rooms {
  constructor(state, choose, past) {
    this.state = state;
    this.choose = choose;
    this.past = past; // asks for all past incidents
    this.unfolded = new Set();
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
        return el("li", {}, this.button(room, unread));
      });
      if (group === "closed" && this.state.older) {
        items.push(el("li", {}, el("button", { type: "button", class: "room", onclick: () => this.past() }, t("rooms.older", { n: this.state.older }))));
      }
      sections.push(this.section(group, members, items, fresh));
    }
    $("rooms").replaceChildren(...sections);
    if (focused) $("rooms").querySelector(`[data-room="${CSS.escape(focused)}"]`)?.focus();
    const badge = $("elsewhere");
    badge.hidden = elsewhere === 0;
    badge.textContent = count(elsewhere);
    $("side-open").setAttribute("aria-label", elsewhere ? `${t("rooms.open")} (${t("rooms.elsewhere", { n: elsewhere })})` : t("rooms.open"));
    const current = rooms.find((r) => r.id === here);
    const all = elsewhere + (current ? reading.unread(current) : 0);
    document.title = (all ? `(${count(all)}) ` : "") + t("title");
  }

  // section folds what is long and seldom wanted.
  section(group, members, items, fresh) {
    const list = el("ul", {}, ...items);
    const foldable = (group === "department" || group === "closed") && members.length > 3;
    if (!foldable) return el("section", { "aria-label": t(`rooms.${group}`) }, el("h2", {}, t(`rooms.${group}`)), list);
    const open = this.unfolded.has(group) || members.some((r) => r.id === this.state.room);
    const fold = el("details", { open },
      el("summary", {}, icon("fold"), el("span", {}, t(`rooms.${group}`)),
        fresh ? el("span", { class: group === "department" ? "count calm" : "count", "aria-label": t("rooms.unread", { n: fresh }) }, count(fresh)) : null), list);
    fold.addEventListener("toggle", () => fold.open ? this.unfolded.add(group) : this.unfolded.delete(group));
    return fold;
  }

  button(room, unread) {
    const here = room.id === this.state.room;
    return el("button", {
      type: "button", class: "room" + (unread ? " unread" : ""), "data-room": room.id,
      "aria-current": here ? "page" : null,
      onclick: () => { this.drawer(false); this.choose(room.id); },
    }, el("span", {}, text(room.name)), unread ? el("span", { class: "count", "aria-label": t("rooms.unread", { n: unread }) }, count(unread)) : null);
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
