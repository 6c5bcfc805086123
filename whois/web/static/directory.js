// Search as you type: the form works without this. Suggestions are a listbox after the pattern "combobox" of WAI-ARIA.
(() => {
  const box = document.getElementById("q");
  const list = document.getElementById("suggestions");
  if (!box || !list) return;
  let timer = 0, turn = 0, chosen = -1;
  const lines = () => [...list.querySelectorAll("[role=option]")];
  const close = () => { list.hidden = true; chosen = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
  const mark = (index) => {
    const all = lines();
    chosen = (index + all.length) % all.length;
    all.forEach((one, at) => one.setAttribute("aria-selected", String(at === chosen)));
    box.setAttribute("aria-activedescendant", all[chosen].id);
  };
  const show = (found) => {
    list.replaceChildren(...found.map((one, at) => {
      const line = document.createElement("li"), name = document.createElement("strong"), rest = document.createElement("span");
      line.id = `suggestion-${at}`; line.setAttribute("role", "option"); line.setAttribute("aria-selected", "false"); line.dataset.href = one.href;
      name.textContent = one.name; rest.textContent = `${one.domain}${one.place ? " · " + one.place : ""}`;
      line.append(name, rest);
      return line;
    }));
    list.hidden = !found.length;
    box.setAttribute("aria-expanded", String(!!found.length));
    chosen = -1;
  };
  const ask = async () => {
    const mine = ++turn, text = box.value.trim();
    if (!text) { close(); return; }
    const answer = await fetch(`/directory/suggest?q=${encodeURIComponent(text)}`);
    if (answer.ok && mine === turn) show((await answer.json()).found);
  };
  box.setAttribute("role", "combobox"); box.setAttribute("aria-controls", "suggestions"); box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.addEventListener("input", (event) => { if (!event.isComposing) { clearTimeout(timer); timer = setTimeout(ask, 120); } });
  box.addEventListener("compositionend", ask);
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(chosen + (event.key === "ArrowDown" ? 1 : -1)); }
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); location.href = lines()[chosen].dataset.href; }
  });
  list.addEventListener("mousedown", (event) => { const line = event.target.closest("[role=option]"); if (line) location.href = line.dataset.href; });
  box.addEventListener("blur", () => setTimeout(close, 150));
})();
