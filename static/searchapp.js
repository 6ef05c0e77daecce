// Improves pages that work without it: suggestions while typing, a span dragged on the timeline, stepping through
// matches, and the focus back on the filter that was used, with the new number of articles read out.

const text = document.body.dataset;
const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function make(name, attributes = {}, content = "") {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = content;
  return element;
}

// Suggestions: the combobox pattern of the ARIA Authoring Practices, with a list that the arrow keys walk.
function suggest(input) {
  const list = make("div", { class: "suggest", role: "listbox", id: "suggestions", "aria-label": text.suggestions });
  list.hidden = true;
  input.form.append(list);
  const set = (name, value) => input.setAttribute(name, value);
  set("role", "combobox");
  set("aria-autocomplete", "list");
  set("aria-controls", "suggestions");
  set("aria-expanded", "false");
  let at = -1;
  let timer = 0;
  let asked = "";
  let running = null;

  function close() {
    clearTimeout(timer);
    running?.abort();
    list.hidden = true;
    at = -1;
    set("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function move(to) {
    const options = all("[role=option]", list);
    if (list.hidden || !options.length) return;
    options[at]?.setAttribute("aria-selected", "false");
    // One step past either end is the box itself.
    at = to < -1 ? options.length - 1 : to >= options.length ? -1 : to;
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    options[at].setAttribute("aria-selected", "true");
    options[at].scrollIntoView({ block: "nearest" });
    set("aria-activedescendant", options[at].id);
  }

  function show(suggestions) {
    list.replaceChildren(...suggestions.map((suggestion, i) => {
      const option = make("div", { role: "option", id: `suggestion-${i}`, "aria-selected": "false" });
      option.dataset.path = suggestion.path;
      option.append(
        make("span", { class: `kind ${suggestion.kind}` }, JSON.parse(text.kinds)[suggestion.kind]),
        make("span", { class: "label" }, suggestion.label),
      );
      if (suggestion.kind !== "title") option.append(make("span", { class: "count" }, suggestion.count.toLocaleString("en")));
      return option;
    }));
    at = -1;
    list.hidden = !suggestions.length;
    set("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    if (suggestions.length) say(text.suggested.replace("{n}", suggestions.length));
  }

  async function ask() {
    asked = input.value.trim();
    if (asked.length < 2) return close();
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(`/api/suggest?q=${encodeURIComponent(asked)}`, { signal: running.signal });
      const found = answer.ok ? (await answer.json()).suggestions : [];
      if (asked === input.value.trim() && document.activeElement === input) show(found);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return void ask();
      move(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      location.assign(list.children[at].dataset.path);
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 100));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.path);
  });
}

// What is put here is read out.
const live = make("p", { class: "vh", role: "status" });
document.body.append(live);
function say(words) {
  live.textContent = "";
  setTimeout(() => { live.textContent = words; }, 50);
}

// The filter that was clicked gets the focus again on the page that it leads to, with the lists where they were.
const KEPT = "searchapp.filter";
function keep(event) {
  const link = event.target.closest("a[data-key]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const closed = all(".facet:not([open])").map((facet) => facet.classList[1]);
  const kept = { key: link.dataset.key, top: find(".facets")?.scrollTop, y: scrollY, open: find("#filters")?.open, closed };
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
}
function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  sessionStorage.removeItem(KEPT);
  if (!kept) return;
  const filters = find("#filters");
  if (filters && kept.open) filters.open = true;
  for (const name of kept.closed || []) find(`details.facet.${name}`)?.removeAttribute("open");
  if (filters) find(".facets", filters).scrollTop = kept.top;
  scrollTo({ top: kept.y, behavior: "instant" });
  const again = all("a[data-key]").find((link) => link.dataset.key === kept.key) || find("#results");
  again?.focus({ preventScroll: true });
  const results = find("#results");
  if (results) say(results.textContent);
}

// A span dragged over the bars, from the first day of one to the last day of another.
function drag(chart) {
  const bars = all("a", chart).map((link) => {
    const query = new URLSearchParams(link.href.baseVal.split("?")[1]);
    const slot = find(".s", link);
    const from = slot.x.baseVal.valueInSpecifiedUnits;
    return { from, to: from + slot.width.baseVal.valueInSpecifiedUnits, since: query.get("since"), until: query.get("until") };
  });
  if (bars.length < 2) return;
  const pick = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  pick.setAttribute("class", "pick");
  pick.setAttribute("height", chart.dataset.height);
  const percent = (event) => {
    const box = chart.getBoundingClientRect();
    return Math.min(100, Math.max(0, ((event.clientX - box.left) / box.width) * 100));
  };
  let start = null;
  let dragged = false;
  chart.addEventListener("dragstart", (event) => event.preventDefault());
  chart.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    start = percent(event);
    dragged = false;
  });
  addEventListener("pointermove", (event) => {
    if (start === null) return;
    const here = percent(event);
    if (!dragged && Math.abs(here - start) < 1) return;
    dragged = true;
    pick.setAttribute("x", `${Math.min(start, here)}%`);
    pick.setAttribute("width", `${Math.abs(here - start)}%`);
    chart.append(pick);
  });
  addEventListener("pointercancel", () => {
    start = null;
    pick.remove();
  });
  addEventListener("pointerup", (event) => {
    if (start === null) return;
    const ends = [start, percent(event)].sort((a, b) => a - b);
    start = null;
    pick.remove();
    if (!dragged) return;
    const inside = bars.filter((bar) => bar.to > ends[0] && bar.from < ends[1]);
    if (!inside.length) return;
    const form = find(".dates", chart.parentElement);
    form.elements.since.value = inside[0].since;
    form.elements.until.value = inside.at(-1).until;
    form.requestSubmit();
  });
  chart.addEventListener("click", (event) => {
    if (dragged) event.preventDefault();
  }, true);
}

// What single keys do on this page; a page adds its own.
const steps = {
  "/": () => find("#q").focus(),
  "?": () => location.assign("/help#keys"),
  f: () => {
    const filters = find("#filters");
    if (!filters) return;
    filters.open = true;
    find("a[href]", find(".facets", filters)).focus();
  },
};

// Along the hits, as in a mail program.
function walk(hits) {
  let at = -1;
  const go = (by) => {
    at = Math.min(hits.length - 1, Math.max(0, at + by));
    find("h2 a", hits[at]).focus();
  };
  steps.j = () => go(1);
  steps.k = () => go(-1);
}

// Stepping through the matches of an article, in place of a row of numbers.
function step(matches) {
  const marks = all("mark[id]");
  const count = find("span", matches);
  let at = -1;
  const go = (by) => {
    marks[at]?.classList.remove("here");
    at = (at + by + marks.length + (at < 0 && by < 0 ? 1 : 0)) % marks.length;
    marks[at].classList.add("here");
    marks[at].scrollIntoView({ block: "center" });
    count.textContent = text.at.replace("{at}", at + 1).replace("{n}", marks.length);
    say(count.textContent);
  };
  const before = make("button", { type: "button", "aria-label": text.previous }, "↑");
  const after = make("button", { type: "button", "aria-label": text.next }, "↓");
  before.addEventListener("click", () => go(-1));
  after.addEventListener("click", () => go(1));
  steps.n = () => go(1);
  steps.p = () => go(-1);
  find(".jumps", matches).replaceChildren(before, after);
}

// A form sends only what was filled in, so that addresses stay short.
addEventListener("submit", (event) => {
  for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
});
addEventListener("pageshow", () => {
  for (const field of all("form [name]:disabled")) field.disabled = false;
});
addEventListener("click", keep);
// Keys that most search pages share; who has switched them off has none.
const OFF = "searchapp.keys";
addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const does = steps[event.key];
  if (!does || typing || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(OFF) === "off") return;
  event.preventDefault();
  does();
});
// The sheet of keys has the switch.
function switching(box) {
  box.checked = localStorage.getItem(OFF) !== "off";
  box.closest("p").hidden = false;
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "off");
  });
}

// The stylesheet shows the filters beside the results wherever there is room; assistive technology is told so too.
const wide = matchMedia("(min-width: 46.01rem)");
function unfold() {
  const filters = find("#filters");
  if (filters && wide.matches) filters.open = true;
}
wide.addEventListener("change", unfold);

suggest(find("#q"));
all("#keys-on").forEach(switching);
unfold();
all(".chart[data-height]").forEach(drag);
all(".matches").forEach(step);
if (find(".hits")) walk(all(".hits > li"));
restore();
