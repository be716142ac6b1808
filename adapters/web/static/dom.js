// Small helpers to build the page. Text always goes in as text, never as markup.

export const $ = (id) => document.getElementById(id);

// el builds an element: el("p", {class: "x", onclick: f}, "text", child …).
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return made;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

// settle makes a list hold exactly these children, moving none that may keep the focus.
export function settle(list, children) {
  const wanted = new Set(children);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  let at = list.firstChild;
  for (const child of children) {
    if (child === at) at = at.nextSibling;
    else list.insertBefore(child, at);
  }
}

// announce tells a screen reader, without moving anything.
export function announce(text) {
  const line = el("p", {}, text);
  $("heard").append(line);
  setTimeout(() => line.remove(), 10000);
}

// choose builds the buttons of a post. Pressing one is held until the desk has answered.
export function buttons(actions, press) {
  if (!actions || actions.length === 0) return null;
  const row = el("div", { class: "actions" });
  for (const action of actions) {
    const button = el("button", { type: "button", class: action.style || "quiet" }, action.label);
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      button.setAttribute("aria-disabled", "true"); // unlike disabled, it keeps the focus
      button.setAttribute("aria-busy", "true");
      try { await press(action, row); } finally {
        button.removeAttribute("aria-disabled");
        button.removeAttribute("aria-busy");
      }
    });
    row.append(button);
  }
  return row;
}
