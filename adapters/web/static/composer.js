// The box people write in: Enter sends, "/" offers commands, "+" offers what is wanted most.

import { post } from "./api.js";
import { $, announce, el } from "./dom.js";
import { t } from "./words.js";

const common = [
  ["plus.declare", "/outage declare"],
  ["plus.status", "/outage status"],
  ["plus.symptom", "/outage symptom"],
  ["plus.ask", "/ask"],
  ["plus.help", "/wardline help"],
];

export class Composer {
  constructor(state, send) {
    this.state = state;
    this.send = send;
    this.box = $("say");
    this.list = $("completion");
    this.found = [];
    this.at = -1;
    this.box.addEventListener("input", () => this.typed());
    this.box.addEventListener("keydown", (event) => this.key(event));
    // Some keyboards insert the line break of an Enter that has already sent the text.
    this.box.addEventListener("beforeinput", (event) => {
      if (event.inputType === "insertLineBreak" && this.entered) event.preventDefault();
    });
    this.box.addEventListener("keyup", () => { this.entered = false; });
    this.box.addEventListener("blur", () => setTimeout(() => this.close(), 200));
    $("composer").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    $("plus").addEventListener("click", () => this.plus($("plus-menu").hidden));
    $("plus-menu").addEventListener("keydown", (event) => this.menuKey(event));
    document.addEventListener("click", (event) => {
      if (!event.target.closest("#plus-menu, #plus")) this.plus(false);
    });
  }

  draft() { return `wardline.draft.${this.state.me.id}.${this.state.room}`; }

  // enter brings back what was being written in this room.
  enter() {
    this.box.value = sessionStorage.getItem(this.draft()) || "";
    this.grow();
    this.close();
    this.plus(false);
  }

  put(text) {
    this.box.value = text;
    this.typed();
    this.box.focus();
  }

  typed() {
    sessionStorage.setItem(this.draft(), this.box.value);
    this.grow();
    clearTimeout(this.timer);
    if (!/^\s*[/／]/.test(this.box.value) || this.box.value.includes("\n")) { this.close(); return; }
    this.timer = setTimeout(() => this.look(), 120);
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 168)}px`;
  }

  async look() {
    const text = this.box.value, room = this.state.room;
    let answer;
    try {
      answer = await post("/api/complete", { room, text: text.trimStart().replace(/^／/, "/") });
    } catch {
      return; // typing must go on without help
    }
    if (text !== this.box.value || room !== this.state.room || document.activeElement !== this.box) return;
    this.found = answer.suggestions.filter((s) => s.insert !== text);
    this.at = -1;
    if (this.found.length === 0) { this.close(); return; }
    this.list.replaceChildren(...this.found.map((s, i) => el("li", {
      role: "option", id: `option-${i}`, "aria-selected": "false",
      onpointerdown: (event) => { event.preventDefault(); this.take(i); },
    }, el("span", { class: "insert" }, s.label || s.insert), s.hint ? el("span", { class: "hint" }, s.hint) : null)));
    this.list.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
    announce(t("say.found", { n: this.found.length }));
  }

  close() {
    clearTimeout(this.timer);
    this.found = [];
    this.at = -1;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }

  point(to) {
    this.list.children[this.at]?.setAttribute("aria-selected", "false");
    this.at = (to + this.found.length) % this.found.length;
    const option = this.list.children[this.at];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", option.id);
  }

  take(i) {
    const insert = this.found[i].insert;
    this.close();
    this.put(insert);
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return; // Enter ends a Chinese word, it does not send
    const open = this.found.length > 0;
    if (open && event.key === "ArrowDown") { event.preventDefault(); this.point(this.at + 1); return; }
    if (open && event.key === "ArrowUp") { event.preventDefault(); this.point(this.at < 0 ? -1 : this.at - 1); return; }
    if (open && event.key === "Escape") { event.preventDefault(); this.close(); return; }
    if (open && event.key === "Tab" && !event.shiftKey) { event.preventDefault(); this.take(Math.max(this.at, 0)); return; }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.entered = true;
    if (open && this.at >= 0) this.take(this.at);
    else this.submit();
  }

  submit() {
    const text = this.box.value.trim();
    if (!text) { this.box.focus(); return; }
    this.box.value = "";
    sessionStorage.removeItem(this.draft());
    this.grow();
    this.close();
    this.send(text);
    this.box.focus();
  }

  plus(open) {
    const menu = $("plus-menu");
    if (menu.hidden === !open) return;
    menu.hidden = !open;
    $("plus").setAttribute("aria-expanded", String(open));
    if (!open) return;
    this.close();
    menu.replaceChildren(...this.commonest(() => { this.plus(false); $("plus").focus(); }));
    menu.firstChild.focus();
  }

  // commonest builds a button for each of what is wanted most.
  commonest(before) {
    // A ward reports what it sees; declaring an outage is the coordinator's.
    const mine = (line) => line === (this.state.me.role === "clinical" ? "/outage symptom" : "/outage declare");
    const order = [...common].sort((a, b) => mine(b[1]) - mine(a[1]));
    return order.map(([word, line]) => el("button", { type: "button", onclick: () => { before(); this.send(line); } },
      el("span", {}, t(word)), el("code", {}, line)));
  }

  menuKey(event) {
    const items = [...$("plus-menu").children], at = items.indexOf(document.activeElement);
    if (event.key === "Escape") { this.plus(false); $("plus").focus(); }
    else if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items[(at + items.length - 1) % items.length].focus();
    else return;
    event.preventDefault();
  }
}
