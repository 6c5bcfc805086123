// Runs in the drawn page and reports, by computed style, what people see of links and frames. Touches nothing.
(() => {
  const MAX = 3000;
  const path = (node) => { const steps = []; for (let at = node; at && at.nodeType === 1 && steps.length < 6; at = at.parentElement) steps.unshift(at.tagName.toLowerCase() + (at.id ? '#' + at.id : '')); return steps.join('>'); };
  const rgb = (text) => { const found = text.match(/[\d.]+/g) || []; return found.map(Number); };
  const sameColour = (node) => {
    const ink = rgb(getComputedStyle(node).color);
    if (ink.length === 4 && ink[3] < 0.05) return true;
    for (let at = node; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== 'none') return false;
      const paper = rgb(style.backgroundColor);
      if (paper.length === 3 || paper[3] > 0.9) return Math.max(...[0, 1, 2].map((i) => Math.abs(ink[i] - paper[i]))) < 8;
      if (paper[3] > 0) return false;
    }
    return Math.max(...ink.slice(0, 3).map((value) => Math.abs(value - 255))) < 8;
  };
  const why = (node) => {
    for (let at = node; at && at.tagName !== 'HTML'; at = at.parentElement) {
      const style = getComputedStyle(at);
      const where = at === node ? 'itself' : path(at);
      if (style.display === 'none') return ['display', where];
      if (style.visibility !== 'visible') return ['visibility', where];
      if (parseFloat(style.opacity) < 0.05) return ['transparent', where];
      const box = at.getBoundingClientRect();
      if (style.overflow !== 'visible' && style.display !== 'inline' && (box.width <= 2 || box.height <= 2)) return ['size', where];
      if (/rect\(0px,? 0px,? 0px,? 0px\)|rect\(1px,? 1px,? 1px,? 1px\)/.test(style.clip) || /inset\((50|100)%/.test(style.clipPath)) return ['clip', where];
    }
    const style = getComputedStyle(node), box = node.getBoundingClientRect();
    if (parseFloat(style.textIndent) < -200 && !node.querySelector('img')) return ['offscreen', 'itself'];
    if (box.right + scrollX < -20 || box.bottom + scrollY < -20) return ['offscreen', path(node.parentElement)];
    const text = (node.innerText || '').trim();
    if (text && parseFloat(style.fontSize) < 2) return ['zero-font', 'itself'];
    if (box.width * box.height > 0 && box.width <= 2 && box.height <= 2) return ['size', 'itself'];
    if (text && !node.querySelector('img,svg,canvas') && style.backgroundImage === 'none' && sameColour(node)) return ['colour', path(node.parentElement)];
    return ['', ''];
  };
  const links = [];
  for (const node of document.querySelectorAll('a[href]')) {
    if (links.length >= MAX) break;
    if (!/^https?:/.test(node.href) || node.host === location.host) continue;
    const [hidden, block] = why(node);
    links.push({ url: node.href, text: (node.textContent || '').trim().slice(0, 200), hidden, block });
  }
  const frames = [];
  for (const node of document.querySelectorAll('iframe')) {
    const box = node.getBoundingClientRect();
    node.scrollIntoView({ block: 'center' });
    const now = node.getBoundingClientRect();
    const top = document.elementFromPoint(now.left + now.width / 2, now.top + now.height / 2);
    frames.push({ src: node.src, width: Math.round(box.width), height: Math.round(box.height), hidden: why(node)[0], covered: !!top && top !== node && !node.contains(top) && !top.contains(node) });
  }
  scrollTo(0, 0);
  return { links, frames, title: document.title, url: location.href };
})()
