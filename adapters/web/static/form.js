// A form of the bot, in a dialog. It closes when the bot has accepted it, not before.

import { $, buttons, el, icon } from "./dom.js";
import { t } from "./words.js";

const many = 8; // beyond this many options there is a box to filter them
const past = new Set(["since", "cutover"]); // times that lie behind us
const soon = 2; // this many fields that may stay empty are always shown
const few = 4; // up to this many, one choice is shown as buttons instead of a list

export class FormSheet {
  constructor(send, press) {
    this.send = send; // (room, command, args) -> answer or null
    this.press = press; // (line, label)
    this.dialog = $("form");
    this.drafts = new Map();
    this.dialog.addEventListener("cancel", () => this.leave());
  }

  // open shows a form. What somebody wrote before they cancelled it is still there.
  // The bot's words about it are shown if they say more than that the form is empty.
  open(room, form, { text = "", refused = false, actions = null } = {}) {
    this.room = room;
    this.form = form;
    const draft = this.drafts.get(this.name()) || {};
    this.fields = form.fields.map((field) => new Field(field, draft[field.name] ?? field.value));
    this.note = el("p", { class: "note" + (refused ? " bad" : ""), role: refused ? "alert" : null }, text);
    this.note.hidden = !text || !refused && !actions?.length;
    const offers = buttons(actions, (action) => { this.dialog.close(); return this.press(action.line, action.label); });
    this.button = el("button", { type: "submit", class: "primary" }, form.submit || t("form.submit"));
    const body = el("form", { novalidate: true },
      el("header", {}, el("h2", { id: "form-title", tabindex: "-1" }, form.title),
        el("button", { type: "button", class: "plain narrow", "aria-label": t("form.cancel"), onclick: () => { this.leave(); this.dialog.close(); } }, icon("close"))),
      el("div", { class: "fields" }, this.note, offers, ...this.rows(), form.intro ? el("p", { class: "intro" }, form.intro) : null),
      el("footer", {}, el("button", { type: "button", class: "quiet", onclick: () => { this.leave(); this.dialog.close(); } }, t("form.cancel")), this.button));
    body.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.dialog.replaceChildren(body);
    if (!this.dialog.open) this.dialog.showModal();
    // On a phone the keyboard would cover half of what is asked.
    const fine = matchMedia("(pointer: fine)").matches;
    (fine ? this.fields[0]?.first || this.button : $("form-title")).focus();
  }

  // rows folds what can wait: somebody who declares an outage has a minute.
  rows() {
    const later = this.fields.filter((f) => !f.field.required && f.field.kind !== "long_text").slice(soon).filter((f) => !f.value());
    if (later.length < 2) return this.fields.map((f) => f.row);
    return [...this.fields.filter((f) => !later.includes(f)).map((f) => f.row),
      el("details", { class: "later" }, el("summary", {}, icon("fold"), t("form.later")), ...later.map((f) => f.row))];
  }

  name() { return `${this.room} ${this.form.command}`; }

  values() { return Object.fromEntries(this.fields.map((f) => [f.field.name, f.value()])); }

  leave() { if (this.form) this.drafts.set(this.name(), this.values()); }

  say(text, bad) {
    this.note.hidden = !text;
    this.note.textContent = text;
    this.note.classList.toggle("bad", bad);
    this.note.setAttribute("role", bad ? "alert" : "status");
    if (text) this.note.scrollIntoView({ block: "nearest" });
  }

  async submit() {
    if (this.busy) return;
    const wrong = this.fields.filter((f) => !f.check());
    if (wrong.length > 0) { wrong[0].first.focus(); return; }
    const { form, room } = this;
    const values = this.values();
    this.hold(true);
    const slow = setTimeout(() => this.say(t("form.waiting"), false), 3000);
    const answer = await this.send(room, form.command, { ...values, ...form.hidden });
    clearTimeout(slow);
    this.hold(false);
    if (this.form !== form) return;
    if (answer.fault) { this.say(answer.fault, true); return; }
    if (answer.form) {
      // The bot asks on. What was written stays, unless the bot proposes something else.
      this.drafts.set(`${room} ${answer.form.command}`, Object.fromEntries(answer.form.fields.map((f) => [f.name, f.value || values[f.name]])));
      this.open(room, answer.form, answer);
      return;
    }
    if (answer.refused) { this.say(answer.text, true); return; }
    this.drafts.delete(this.name());
    this.dialog.close();
  }

  hold(busy) {
    this.busy = busy;
    this.button.setAttribute("aria-disabled", String(busy));
    this.button.textContent = busy ? t("form.sending") : this.form.submit || t("form.submit");
    if (busy) this.say("", false);
  }
}

// A Field is one line of a form with its label, hint, input and complaint.
class Field {
  constructor(field, value = "") {
    this.field = field;
    const id = `field-${field.name}`;
    this.wrong = el("p", { class: "wrong", id: `${id}-wrong`, hidden: true }, t("form.missing"));
    const hint = field.hint ? el("p", { class: "hint", id: `${id}-hint` }, field.hint) : null;
    const label = [field.label, field.required ? el("span", { class: "must" }, t("form.required")) : null];
    const about = [hint ? `${id}-hint` : "", `${id}-wrong`].filter(Boolean).join(" ");
    const group = field.kind === "pick_many" || field.kind === "pick" && field.options.length <= few;
    const input = this.input(id, about, value);
    this.row = group
      ? el("fieldset", { class: "field", "aria-describedby": about }, el("legend", {}, ...label), hint, ...input, this.wrong)
      : el("div", { class: "field" }, el("label", { for: id }, ...label), hint, ...input, this.wrong);
  }

  input(id, about, value) {
    const { field } = this;
    const common = { id, name: field.name, "aria-describedby": about, "aria-required": field.required ? "true" : null };
    switch (field.kind) {
      case "pick_many": return this.choices(id, value.split(",").map((v) => v.trim()).filter(Boolean), "checkbox");
      case "pick":
        if (field.options.length <= few) return this.choices(id, [value], "radio");
        this.first = el("select", common, el("option", { value: "" }, t("form.pick")),
          ...field.options.map((o) => el("option", { value: o.value, selected: o.value === value }, o.label)));
        break;
      case "long_text":
        this.first = el("textarea", { ...common, rows: "4" });
        this.first.value = value;
        break;
      default:
        this.first = el("input", { ...common, type: "text", value, autocomplete: "off", list: field.kind === "text" && field.options.length ? `${id}-list` : null });
    }
    this.value = () => this.first.value;
    const extra = [];
    if (field.kind === "time") extra.push(this.times());
    if (field.kind === "text" && field.options.length) {
      extra.push(el("datalist", { id: `${id}-list` }, ...field.options.map((o) => el("option", { value: o.value }, o.label))));
    }
    return [this.first, ...extra];
  }

  // times offers what is most often meant; anything else is typed.
  times() {
    const { name, options } = this.field;
    const offered = options.length > 0 ? options : t(past.has(name) ? "form.times_past" : "form.times").split("|").map((value) => ({ value, label: value }));
    return el("div", { class: "chips" }, ...offered.map((o) =>
      el("button", { type: "button", class: "quiet", onclick: () => { this.first.value = o.value; this.first.focus(); } }, o.label)));
  }

  choices(id, chosen, type) {
    const { field } = this;
    const rows = field.options.map((o, i) => {
      const box = el("input", { type, name: field.name, value: o.value, id: `${id}-${i}`, checked: chosen.includes(o.value) });
      return { box, names: `${o.label} ${o.value} ${o.also || ""}`.toLowerCase(), row: el("label", { class: "choice", for: box.id }, box, el("span", {}, o.label)) };
    });
    this.value = () => rows.filter((r) => r.box.checked).map((r) => r.box.value).join(",");
    const list = el("div", { class: "choices" }, ...rows.map((r) => r.row));
    this.first = rows[0]?.box;
    if (rows.length <= many) return [list];
    const picked = el("p", { class: "hint", role: "status" });
    const none = el("p", { class: "hint", hidden: true }, t("form.none"));
    const tally = () => { picked.textContent = t("form.picked", { n: rows.filter((r) => r.box.checked).length }); };
    list.addEventListener("change", tally);
    tally();
    this.first = el("input", { type: "search", placeholder: t("form.filter"), "aria-label": `${field.label}: ${t("form.filter")}`, autocomplete: "off" });
    this.first.addEventListener("input", () => {
      const sought = this.first.value.trim().toLowerCase();
      for (const r of rows) r.row.hidden = !r.names.includes(sought);
      none.hidden = rows.some((r) => !r.row.hidden);
    });
    this.first.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    // Chosen ones come first, so that nobody hunts for a default.
    for (const r of rows.filter((r) => r.box.checked).reverse()) list.prepend(r.row);
    return [this.first, list, none, picked];
  }

  // check complains about a required field that is empty.
  check() {
    const bad = this.field.required && this.value().trim() === "";
    this.wrong.hidden = !bad;
    if (bad) this.first.setAttribute("aria-invalid", "true");
    else this.first.removeAttribute("aria-invalid");
    return !bad;
  }
}
