const NOTES = {
  genuine: "这个地址登记在案。 This address is on record.",
  suspended: "在恢复之前请勿提交信息。 Do not enter anything for now.",
  unmarked: "没有标识不等于假冒；名称相近的，请看完整的结论。 No mark does not mean a fake; if the name looks familiar, see the whole answer.",
  unsure: "没有可用的名单，也连接不上。 There is no list to go by and no connection.",
};
const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
const address = tab?.url ?? "";
const { verdict, title, origin } = await chrome.runtime.sendMessage({ address });
document.querySelector("main").className = verdict;
document.getElementById("verdict").textContent = title || "这里不是网站 This is no web site";
document.getElementById("host").textContent = title ? new URL(address).host : "";
document.getElementById("note").textContent = NOTES[verdict] ?? "";
const more = document.getElementById("more");
if (title) more.href = `${origin}/verify?u=${encodeURIComponent(address)}`;
else more.hidden = true;
