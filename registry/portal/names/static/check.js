// Asks for each line while it is typed. Without this file the form of the page does the same when it is sent.
"use strict";

(() => {
  const WAIT_MS = 250; // after the last key: a person who writes Chinese pauses when a word stands
  const REMEMBERED = 200; // answers; going back to an earlier spelling asks nobody
  const TONES = { pass: "good", review: "warn", refuse: "bad", info: "plain" };
  const VERDICTS = { pass: ["通过", "Pass"], review: ["需人工审核", "Review"], refuse: ["不予通过", "Refused"] };
  const SEPARATOR = /[.。．｡]/;

  const form = document.querySelector("form[data-live]");
  const fields = { uscc: form.elements.uscc, names: form.elements.names };
  const intro = document.querySelector('[data-part="intro"]');
  const list = document.querySelector('[data-part="candidates"]');
  const status = document.querySelector('[data-part="status"]');
  const templates = (name) => document.querySelector(`template[data-template="${name}"]`).content.firstElementChild;
  const answers = new Map();
  let timer = 0;
  let round = 0;
  let stopped = new AbortController();

  const part = (card, name) => card.querySelector(`[data-part="${name}"]`);
  const tld = () => form.elements.tld.value;
  const whole = (line) => (SEPARATOR.test(line) ? line : `${line}.${tld()}`);

  function lines() {
    const typed = fields.names.value.split("\n").map((line) => line.trim()).filter(Boolean);
    return typed.slice(0, Number(form.dataset.lines)).map((line) => line.slice(0, Number(form.dataset.line)));
  }

  function setTone(element, tone) {
    element.classList.remove("tone-good", "tone-warn", "tone-bad", "tone-plain");
    element.classList.add(`tone-${tone}`);
  }

  function speak(element, zh, en) {
    const english = document.createElement("span");
    english.className = "en";
    english.lang = "en";
    english.textContent = en;
    element.replaceChildren(`${zh} `, english);
  }

  function findingOf(finding) {
    const item = templates("finding").cloneNode(true);
    setTone(item, TONES[finding.outcome]);
    part(item, "zh").textContent = finding.message.zh;
    part(item, "en").textContent = finding.message.en;
    part(item, "rule").textContent = finding.rule;
    return item;
  }

  function suggestionOf(name) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.textContent = name;
    link.dataset.suggestion = name;
    link.href = `?${new URLSearchParams({ uscc: fields.uscc.value, tld: tld(), names: name })}`;
    item.append(link);
    return item;
  }

  function cardOf(line, answer) {
    const card = templates("card").cloneNode(true);
    const octets = answer.a_label.split(".")[0].length;
    const mapped = answer.findings.find((finding) => finding.rule === "LABEL.MAPPED");
    const told = answer.findings.filter((finding) => finding !== mapped);
    const deciding = told.filter((finding) => finding.outcome === answer.decision);
    setTone(card, TONES[answer.decision]);
    card.dataset.line = line;
    part(card, "name").textContent = answer.name;
    speak(part(card, "verdict"), ...VERDICTS[answer.decision]);
    part(card, "mapped").hidden = !mapped;
    part(card, "typed").textContent = line;
    part(card, "mapped-to").textContent = mapped ? mapped.evidence.mapped : "";
    part(card, "findings").replaceChildren(...[...deciding, ...told.filter((one) => !deciding.includes(one))].map(findingOf));
    part(card, "facts").hidden = octets === 0;
    part(card, "simplified").textContent = answer.bundle.simplified || "—";
    part(card, "traditional").textContent = answer.bundle.traditional || "—";
    part(card, "a-label").textContent = answer.a_label;
    part(card, "octets").textContent = String(octets);
    part(card, "meter").value = octets;
    part(card, "suggested").hidden = answer.suggestions.length === 0;
    part(card, "suggestions").replaceChildren(...answer.suggestions.map(suggestionOf));
    return card;
  }

  async function ask(line, uscc, signal) {
    const key = JSON.stringify([whole(line), uscc]);
    const known = answers.get(key);
    if (known) return known;
    const reply = await fetch(form.dataset.api, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ name: whole(line), uscc }),
      signal,
    });
    const answer = await reply.json();
    if (!reply.ok) throw new Error(answer.message ? `${answer.message.zh} ${answer.message.en}` : answer.detail || answer.title);
    answers.set(key, answer);
    if (answers.size > REMEMBERED) answers.delete(answers.keys().next().value);
    return answer;
  }

  async function check() {
    const mine = ++round;
    const uscc = fields.uscc.value.trim();
    const typed = lines();
    stopped.abort();
    stopped = new AbortController();
    if (typed.length === 0 || !uscc) {
      list.replaceChildren();
      intro.hidden = false;
      status.textContent = typed.length ? "请先填写统一社会信用代码。 Please give the code of the body first." : "";
      return;
    }
    for (const card of list.children) card.dataset.stale = "";
    try {
      const found = await Promise.all(typed.map((line) => ask(line, uscc, stopped.signal)));
      if (mine !== round) return;
      intro.hidden = true;
      list.replaceChildren(...typed.map((line, index) => cardOf(line, found[index])));
      status.textContent = `已核对 ${found.length} 个名称。 ${found.length} checked.`;
    } catch (error) {
      if (mine !== round || error.name === "AbortError") return;
      status.textContent = `暂时无法核对：${error.message}。`;
    }
  }

  function soon(event) {
    if (event.isComposing) return; // the input method is still choosing characters
    clearTimeout(timer);
    timer = setTimeout(check, WAIT_MS);
  }

  function choose(event) {
    const link = event.target.closest("[data-suggestion]");
    if (!link) return;
    event.preventDefault();
    const old = link.closest(".candidate").dataset.line;
    const kept = lines().filter((line) => line !== link.dataset.suggestion);
    const place = kept.indexOf(old);
    kept.splice(place < 0 ? 0 : place, place < 0 ? 0 : 1, link.dataset.suggestion);
    fields.names.value = kept.slice(0, Number(form.dataset.lines)).join("\n");
    fields.names.focus();
    check();
  }

  form.addEventListener("input", soon);
  form.addEventListener("compositionend", soon);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    check();
  });
  list.addEventListener("click", choose);
  for (const [index, card] of [...list.children].entries()) card.dataset.line = lines()[index] || "";
})();
