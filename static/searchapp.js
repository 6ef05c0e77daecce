// Improves pages that work without it: suggestions while typing, a span dragged on the timeline, stepping through
// matches, single keys, and the focus back on the filter that was used, with the new number of articles read out.

const text = document.body.dataset;
const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// What single keys do; an article with matches adds its own.
const steps = {
  "/": () => find("#q").focus(),
  "?": () => location.assign("/help/keys"),
  f: toFilters,
  j: () => along(1),
  k: () => along(-1),
};

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
const KEYED = "a[data-key], .facet li > a:first-child";
function keyOf(link) {
  return link.dataset.key || `${link.closest(".facet").className}:${find("span", link).lastChild.textContent.trim()}`;
}
function keep(event) {
  const link = event.target.closest(KEYED);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const kept = { key: keyOf(link), top: find(".facets")?.scrollTop, y: scrollY, open: find("#filters")?.open };
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
}
function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  sessionStorage.removeItem(KEPT);
  if (!kept) return;
  const filters = find("#filters");
  if (filters && kept.open) filters.open = true;
  if (filters) find(".facets", filters).scrollTop = kept.top;
  scrollTo({ top: kept.y, behavior: "instant" });
  const again = all(KEYED).find((link) => keyOf(link) === kept.key) || find("#results");
  again?.focus({ preventScroll: true });
  const results = find("#results");
  if (results) say(results.textContent);
}

// The bars lead where the table of a chart does, one by one, or, dragged over, from one to another.
function bars(chart) {
  const inner = find("svg", chart);
  const [,, width, height] = inner.getAttribute("viewBox").split(" ").map(Number);
  const draw = (name, attributes, content) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (content) element.textContent = content;
    return element;
  };
  const firsts = find("path", inner).getAttribute("d").split("M").slice(1).map(parseFloat);
  const slots = all("td a", chart.parentElement).map((row, i) => {
    const link = draw("a", { href: row.href, tabindex: -1 });
    const [name, count, of] = all("td", row.closest("tr")).map((cell) => cell.textContent.trim());
    const at = Math.floor(firsts[i]);
    link.append(draw("title", {}, `${name}: ${count}${of ? ` / ${of}` : ""}`), draw("rect", { x: at, width: 1, height }));
    return { at, link, address: row.href };
  });
  inner.prepend(...slots.map((slot) => slot.link));
  const pick = draw("rect", { class: "pick", height });
  const place = (event) => {
    const box = chart.getBoundingClientRect();
    return Math.min(width, Math.max(0, ((event.clientX - box.left) / box.width) * width));
  };
  let start = null;
  let dragged = false;
  chart.addEventListener("dragstart", (event) => event.preventDefault());
  chart.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    start = place(event);
    dragged = false;
  });
  addEventListener("pointermove", (event) => {
    if (start === null) return;
    const here = place(event);
    if (!dragged && Math.abs(here - start) < width / 100) return;
    dragged = true;
    pick.setAttribute("x", Math.min(start, here));
    pick.setAttribute("width", Math.abs(here - start));
    inner.append(pick);
  });
  const stop = () => {
    start = null;
    pick.remove();
  };
  addEventListener("pointercancel", stop);
  addEventListener("pointerup", (event) => {
    if (start === null) return;
    const ends = [start, place(event)].sort((a, b) => a - b);
    stop();
    const inside = dragged ? slots.filter((slot) => slot.at + 1 > ends[0] && slot.at < ends[1]) : [];
    if (!inside.length) return;
    const to = new URL(inside[0].address);
    to.searchParams.set("until", new URL(inside.at(-1).address).searchParams.get("until"));
    location.assign(to);
  });
  chart.addEventListener("click", (event) => {
    if (dragged) event.preventDefault();
  }, true);
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
  steps.n = () => go(1);
  steps.p = () => go(-1);
  const before = make("button", { type: "button", "aria-label": text.previous }, "↑");
  const after = make("button", { type: "button", "aria-label": text.next }, "↓");
  before.addEventListener("click", () => go(-1));
  after.addEventListener("click", () => go(1));
  find(".jumps", matches).replaceChildren(before, after);
}

// What is there to be taken along can be copied.
for (const passage of navigator.clipboard ? all(".copied") : []) {
  const button = make("button", { type: "button", class: "copy" }, text.copy);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(passage.textContent);
    button.textContent = text.copied;
    say(text.copied);
  });
  passage.after(button);
}

// A form sends only what was filled in, so that addresses stay short.
addEventListener("submit", (event) => {
  for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
});
addEventListener("pageshow", () => {
  for (const field of all("form [name]:disabled")) field.disabled = false;
});
addEventListener("click", keep);
// Keys that do something by themselves, unless they are switched off at the foot of the page.
addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const act = steps[event.key];
  if (!act || typing || event.ctrlKey || event.metaKey || event.altKey || document.documentElement.dataset.keys) return;
  event.preventDefault();
  act();
});
// Along the hits of a list, or from an article to the hit after or before it.
function along(by) {
  const beside = find(`.standing [rel=${by > 0 ? "next" : "prev"}]`);
  if (beside) return beside.click();
  const links = all(".hit h2 a");
  const at = links.indexOf(document.activeElement.closest(".hit")?.querySelector("h2 a"));
  links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
}
function toFilters() {
  const filters = find("#filters");
  if (filters) filters.open = true;
  find(".facets a[href]", filters ?? document)?.focus();
}

// Facets that were folded stay so while the tab is open.
const FOLDED = "searchapp.folded";
function folding() {
  const folded = new Set(JSON.parse(sessionStorage.getItem(FOLDED) || "[]"));
  for (const facet of all("[data-fold]")) {
    const name = facet.dataset.fold;
    facet.open = !folded.has(name);
    facet.addEventListener("toggle", () => {
      folded[facet.open ? "delete" : "add"](name);
      sessionStorage.setItem(FOLDED, JSON.stringify([...folded]));
    });
  }
}

// On a phone the button under the filters shows what they leave.
find(".shown a")?.addEventListener("click", () => {
  find("#filters").open = false;
});

// The stylesheet shows the filters beside the results wherever there is room; assistive technology is told so too.
const wide = matchMedia("(min-width: 46.01rem)");
function unfold() {
  const filters = find("#filters");
  if (filters && wide.matches) filters.open = true;
}
wide.addEventListener("change", unfold);

folding();
suggest(find("#q"));
unfold();
all(".chart").forEach(bars);
all(".matches").forEach(step);
restore();
