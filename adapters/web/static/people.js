// Who am I? In a demo, anybody of the cast.

import { $, el } from "./dom.js";
import { t, text } from "./words.js";

const roles = ["coordinator", "engineer", "leader", "clinical"];

// pick asks who sits before this tab, until somebody does.
export function pick(people, me) {
  const dialog = $("people");
  return new Promise((resolve) => {
    const take = (id) => { dialog.close(); resolve(id); };
    const groups = roles.map((role) => {
      const members = people.filter((p) => p.role === role);
      const rows = members.map((p) => el("button", {
        type: "button", class: "person", "data-person": p.id, "aria-current": p.id === me ? "true" : null, onclick: () => take(p.id),
      }, el("span", { class: "name" }, p.name), p.department ? el("span", { class: "hint" }, text(p.department)) : null));
      return members.length ? el("section", {}, el("h3", {}, t(`role.${role}`)), el("div", { class: "cast" }, ...rows)) : null;
    }).filter(Boolean);
    const filter = el("input", { type: "search", placeholder: t("people.filter"), "aria-label": t("people.filter"), autocomplete: "off" });
    const none = el("p", { class: "hint", role: "status" });
    filter.addEventListener("input", () => {
      const sought = filter.value.trim().toLowerCase();
      let any = false;
      for (const group of groups) {
        let some = false;
        for (const row of group.querySelectorAll(".person")) {
          row.hidden = !row.textContent.toLowerCase().includes(sought);
          some ||= !row.hidden;
        }
        group.hidden = !some;
        any ||= some;
      }
      none.textContent = any ? "" : t("people.none");
    });
    dialog.replaceChildren(el("div", {},
      el("header", {}, el("h2", { id: "people-title", tabindex: "-1" }, t("people.title")),
        me ? el("button", { type: "button", class: "quiet", onclick: () => take(me) }, t("form.cancel")) : null),
      el("div", { class: "fields" }, el("p", { class: "intro" }, t("people.intro")), people.length > 12 ? filter : null, ...groups, none)));
    dialog.oncancel = (event) => { event.preventDefault(); if (me) take(me); };
    dialog.showModal();
    $("people-title").focus();
  });
}
