// The local set of genuine hosts: kept up by differences, believed only when the signed statement about the result holds.
// Nothing here asks anybody anything; background.js does.
const OCTETS = 5;
const STATEMENT = "trust-mark-hosts+jwt";

export const hex = (octets) => Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
export const sha256 = async (octets) => new Uint8Array(await crypto.subtle.digest("SHA-256", octets));
export const digestOf = (host) => sha256(new TextEncoder().encode(host));

export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
export const toBase64 = (octets) => {
  let text = "";
  for (let at = 0; at < octets.length; at += 0x8000) text += String.fromCharCode(...octets.subarray(at, at + 0x8000));
  return btoa(text);
};
const fromBase64Url = (text) => fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));

// Compares the entry at two places, octet by octet.
const order = (a, i, b, j) => {
  for (let k = 0; k < OCTETS; k += 1) if (a[i + k] !== b[j + k]) return a[i + k] - b[j + k];
  return 0;
};

// Whether the host whose whole digest this is stands in the sorted set.
export const holds = (set, digest) => {
  let low = 0;
  let high = set.length / OCTETS;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(set, middle * OCTETS, digest, 0) < 0) low = middle + 1;
    else high = middle;
  }
  return low * OCTETS < set.length && order(set, low * OCTETS, digest, 0) === 0;
};

// The sorted set with what was added and without what was taken away, entry for entry.
export const changed = (set, added, removed) => {
  const result = new Uint8Array(set.length + added.length - removed.length);
  let [i, j, k, at] = [0, 0, 0, 0];
  while (i < set.length || j < added.length) {
    const isOld = j >= added.length || (i < set.length && order(set, i, added, j) <= 0);
    const [from, place] = isOld ? [set, i] : [added, j];
    if (isOld) i += OCTETS;
    else j += OCTETS;
    if (isOld && k < removed.length && order(set, place, removed, k) === 0) { k += OCTETS; continue; }
    if (at >= result.length) throw new Error("a difference that does not fit");
    result.set(from.subarray(place, place + OCTETS), at);
    at += OCTETS;
  }
  if (at !== result.length) throw new Error("a difference that does not fit");
  return result;
};

// The claims of a statement that one of the keys signed; an error for anything else.
export const readStatement = async (token, keys, now) => {
  const [head, body, signature] = token.split(".");
  const read = (text) => JSON.parse(new TextDecoder().decode(fromBase64Url(text)));
  const header = read(head);
  const jwk = keys.find((key) => key.kid === header.kid);
  if (header.typ !== STATEMENT || !jwk || jwk.kty !== "OKP" || jwk.crv !== "Ed25519") throw new Error("not ours");
  const key = await crypto.subtle.importKey("jwk", { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, { name: "Ed25519" }, false, ["verify"]);
  const signed = new TextEncoder().encode(`${head}.${body}`);
  if (!(await crypto.subtle.verify("Ed25519", key, fromBase64Url(signature), signed))) throw new Error("a false signature");
  const claims = read(body);
  if (!(now < claims.exp)) throw new Error("out of its days");
  return claims;
};

// The set after an answer of the server, when the statement about it holds; an error keeps what there was.
export const accepted = async (answer, kept, now) => {
  const base = answer.base ? kept.set : new Uint8Array();
  if (answer.base && answer.base !== kept.version) throw new Error("another base");
  const set = changed(base, fromBase64(answer.added), fromBase64(answer.removed));
  const claims = await readStatement(answer.statement, kept.keys, now);
  const version = hex(await sha256(set));
  if (claims.hosts.sha256 !== version || claims.hosts.count * OCTETS !== set.length) throw new Error("another set");
  if (claims.iat < kept.at) throw new Error("an older statement");
  return { set, version, at: claims.iat, until: claims.exp, keys: claims.jwks.keys };
};
