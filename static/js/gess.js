// Suggestions under the search box: a combobox with a list box (WAI-ARIA authoring practices). Without it the form works.
(() => {
  const form = document.querySelector("form[data-suggest]");
  if (!form) return;
  const box = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  let options = [], active = -1, timer, request;

  Object.assign(list, { id: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.label);
  box.closest("div").after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id],
    ["aria-expanded", "false"], ["autocomplete", "off"]]) box.setAttribute(name, value);

  const mark = (index) => {
    active = index;
    options.forEach((option, i) => option.setAttribute("aria-selected", i === index));
    if (index < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", options[index].id);
  };

  const show = (open) => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", open);
    if (!open) mark(-1);
  };

  const draw = (found) => {
    options = found.slice(0, 8).map((item, i) => {
      const option = document.createElement("li");
      const title = document.createElement("b");
      const kind = document.createElement("span");
      Object.assign(title, { textContent: item.title, lang: item.language || "", dir: "auto" });
      kind.textContent = item.kind_label;
      option.id = "suggestion-" + i;
      option.dataset.url = item.url;
      option.setAttribute("role", "option");
      option.append(title, " ", kind);
      return option;
    });
    list.replaceChildren(...options);
    show(options.length > 0);
  };

  const ask = async () => {
    request?.abort();
    const text = box.value.trim();
    if (text.length < 2) return show(false);
    request = new AbortController();
    try {
      const answer = await fetch(form.dataset.suggest + "?q=" + encodeURIComponent(text), { signal: request.signal });
      if (answer.ok) draw(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") show(false); // no network: the form still searches
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && !list.hidden) show(false);
    else if (event.key === "Enter" && active >= 0) location.assign(options[active].dataset.url);
    else if (step && options.length) {
      const open = list.hidden;
      show(true);
      mark(open ? (step > 0 ? 0 : options.length - 1)
        : ((active + step + options.length + 2) % (options.length + 1)) - 1);
    } else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the box
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
  box.addEventListener("blur", () => {
    clearTimeout(timer);
    request?.abort();
    show(false);
  });
})();

// On a phone the rows of this table are drawn as blocks, and some browsers then no longer tell that it is a table.
for (const [selector, role] of Object.entries({ table: "table", "thead, tbody": "rowgroup", tr: "row", "thead th": "columnheader",
  "tbody th": "rowheader", td: "cell" })) {
  for (const part of document.querySelectorAll(".schemes :is(" + selector + ")")) part.setAttribute("role", role);
}

// What a linked term means, on hover or focus. Touch follows it.
(() => {
  const box = document.createElement("div");
  let link = null, timer;
  box.id = "pop";
  const near = (node) => node.closest?.("a.term[href*='/glossary/'], #pop");
  const close = () => {
    clearTimeout(timer);
    link?.removeAttribute("aria-describedby");
    link = null;
    box.remove();
  };
  const open = async (to) => {
    close();
    link = to;
    const answer = await fetch(to.pathname.replace(/[^/]*?(\d+)\/$/, "$1/popover/"));
    const text = await answer.text();
    if (!answer.ok || link !== to) return;
    box.innerHTML = text;
    to.after(box);
    to.setAttribute("aria-describedby", "pop");
    const place = to.getClientRects()[0];
    box.style.left = scrollX + Math.min(place.left, innerWidth - box.offsetWidth - 24) + "px";
    box.style.top = scrollY + (place.bottom + box.offsetHeight < innerHeight ? place.bottom : place.top - box.offsetHeight) + "px";
  };
  const look = (event) => {
    if (event.pointerType === "touch") return;
    clearTimeout(timer);
    const to = near(event.target) ?? (link && near(document.activeElement));
    if (to !== link && to !== box) timer = setTimeout(to ? open : close, 300, to);
  };
  document.addEventListener("pointerover", look);
  document.addEventListener("focusin", look);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (box.contains(document.activeElement)) link.focus();
      close();
    }
  });
})();
