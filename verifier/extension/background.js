// Colours the icon. Whether a host is genuine is looked up in the local set; only a host that stands there is asked about once
// more, by four digits of its hash. A site that is not in the set is told to nobody.
import { accepted, digestOf, fromBase64, hex, holds, toBase64 } from "./host_set.js";

const EVERY_MINUTES = 5;
const ASKED_AGAIN_MS = 60_000;
const COLOURS = { genuine: "#1c6142", suspended: "#9a5b00", unmarked: "#8a837b", unsure: "#8a837b" };
const TITLES = {
  genuine: "真的官方网站 Genuine official site",
  suspended: "标识已暂停，请先不要使用 The mark is suspended",
  unmarked: "没有官方网站标识 No mark of an official site",
  unsure: "暂时无法核对 Cannot be checked now",
};

const configured = fetch(chrome.runtime.getURL("config.json")).then((answer) => answer.json());
const nowSeconds = () => Math.floor(Date.now() / 1000);
const asked = new Map();
let loaded = null;

const load = async () => {
  const { kept } = await chrome.storage.local.get("kept");
  if (kept) return { ...kept, set: fromBase64(kept.set) };
  return { set: new Uint8Array(), version: "", at: 0, until: 0, keys: (await configured).keys };
};
const current = () => (loaded ??= load());

const ask = async (path) => {
  // An update asks the server: what the browser keeps for a minute may be the set from before a suspension.
  const answer = await fetch(`${(await configured).origin}${path}`, { cache: "no-cache", credentials: "omit", referrerPolicy: "no-referrer" });
  if (!answer.ok) throw new Error(`answer ${answer.status}`);
  return answer.json();
};

export const update = async () => {
  const kept = await current();
  let next;
  try {
    next = await accepted(await ask(`/api/v1/marks/hosts?have=${kept.version}`), kept, nowSeconds());
  } catch (error) {
    if (!kept.version) throw error;
    next = await accepted(await ask("/api/v1/marks/hosts"), kept, nowSeconds());
  }
  await chrome.storage.local.set({ kept: { ...next, set: toBase64(next.set) } });
  loaded = Promise.resolve(next);
  asked.clear();
  return next.version;
};

// The state of a host in the set, as of a minute ago; null when nobody answers.
const confirmed = async (digest) => {
  const name = hex(digest);
  const known = asked.get(name);
  if (known && Date.now() - known.at < ASKED_AGAIN_MS) return known.state;
  try {
    const { hosts } = await ask(`/api/v1/verify/prefix/${name.slice(0, 4)}`);
    const state = hosts.find((host) => host.sha256 === name)?.state ?? "none";
    asked.set(name, { state, at: Date.now() });
    return state;
  } catch {
    return null;
  }
};

export const judge = async (address) => {
  let url;
  try { url = new URL(address); } catch { return "none"; }
  if (url.protocol !== "https:" && url.protocol !== "http:") return "none";
  const kept = await current();
  if (!kept.version) return "unsure";
  const digest = await digestOf(url.hostname.replace(/\.$/, ""));
  if (!holds(kept.set, digest)) return "unmarked";
  const state = await confirmed(digest);
  if (state === "suspended") return "suspended";
  if (state === "revoked" || state === "none" || url.protocol !== "https:") return "unmarked";
  if (state === "valid") return "genuine";
  return nowSeconds() < kept.until ? "genuine" : "unsure"; // nobody answers: the signed set counts while it lasts
};

const icon = (colour, isTick) => {
  const canvas = new OffscreenCanvas(32, 32);
  const pen = canvas.getContext("2d");
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(16, 1); pen.lineTo(29, 5); pen.lineTo(29, 16); pen.quadraticCurveTo(28, 26, 16, 31);
  pen.quadraticCurveTo(4, 26, 3, 16); pen.lineTo(3, 5); pen.closePath();
  pen.fill();
  pen.strokeStyle = "#fff"; pen.lineWidth = 3.4; pen.lineCap = "round"; pen.lineJoin = "round";
  pen.beginPath();
  if (isTick) { pen.moveTo(9, 16); pen.lineTo(14, 21); pen.lineTo(23, 10); } else { pen.moveTo(10, 16); pen.lineTo(22, 16); }
  pen.stroke();
  return pen.getImageData(0, 0, 32, 32);
};

const paint = async (tabId, address) => {
  const verdict = await judge(address ?? "");
  const shown = verdict === "none" ? "unmarked" : verdict;
  const title = verdict === "none" ? "正名验真 Zhengming" : TITLES[verdict];
  try {
    await chrome.action.setIcon({ tabId, imageData: icon(COLOURS[shown], verdict === "genuine") });
    await chrome.action.setTitle({ tabId, title });
  } catch { /* the tab is gone */ }
  return verdict;
};

chrome.tabs.onUpdated.addListener((tabId, change, tab) => { if (change.url || change.status) paint(tabId, tab.url); });
chrome.tabs.onActivated.addListener(async ({ tabId }) => paint(tabId, (await chrome.tabs.get(tabId)).url));
chrome.runtime.onMessage.addListener((message, _, answer) => {
  Promise.all([judge(message.address), configured]).then(([verdict, { origin }]) => answer({ verdict, title: TITLES[verdict] ?? "", origin }));
  return true;
});
const begin = () => {
  chrome.alarms.create("update", { periodInMinutes: EVERY_MINUTES });
  update().catch(() => {});
};
chrome.runtime.onInstalled.addListener(begin);
chrome.runtime.onStartup.addListener(begin);
chrome.alarms.onAlarm.addListener(() => { update().catch(() => {}); });
Object.assign(globalThis, { zhengming: { update, judge, paint } }); // for people who look into it, and for tests
