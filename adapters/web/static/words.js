// The page's own words. What the bot says comes from the bot.

let table = {};
let current = "zh";

export const languages = ["zh", "en"];

export function lang() { return current; }

// load takes another language in use.
export async function load(wanted) {
  const answer = await fetch(`/static/words/${wanted}.json`);
  if (!answer.ok) throw new Error(`words ${wanted}: ${answer.status}`);
  table = await answer.json();
  current = wanted;
  document.documentElement.lang = wanted === "zh" ? "zh-CN" : "en";
}

// t gives a sentence with its {places} filled.
export function t(name, values = {}) {
  const text = table[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

// text picks the current language of a name that has both.
export function text(both) {
  return both ? both[current] || both.en || both.zh : "";
}

// dress writes words into everything of the page that asks for them.
export function dress() {
  for (const el of document.querySelectorAll("[data-word]")) el.textContent = t(el.dataset.word);
  for (const el of document.querySelectorAll("[data-label]")) {
    el.setAttribute("aria-label", t(el.dataset.label));
    if (el.tagName === "BUTTON") el.title = t(el.dataset.label);
  }
}

// dayName writes a day. The date is already the hospital's; UTC here only keeps the browser's own
// zone out of it.
export function dayName(day, today) {
  if (day === today) return t("talk.today");
  const format = new Intl.DateTimeFormat(current === "zh" ? "zh-CN" : "en-GB",
    { timeZone: "UTC", year: "numeric", month: "short", day: "numeric", weekday: "short" });
  return format.format(new Date(`${day}T00:00:00Z`));
}
