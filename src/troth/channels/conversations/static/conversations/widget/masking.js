// What masking.py does on the server, with the same rules, before anything leaves the browser.
function masking(rules) {
  const compile = (text) => new RegExp(text.replaceAll("<word>", rules.password_word), "gi");
  const digits = new Map();
  for (const zero of rules.digit_zeros)
    for (let value = 0; value < 10; value++)
      digits.set(String.fromCharCode(zero.charCodeAt(0) + value), String(value));
  const foreign = new RegExp(`[${[...digits.keys()].slice(10).join("")}]`, "g");
  const plainly = (text) => text.replace(foreign, (one) => digits.get(one));
  const gap = new RegExp(rules.gap, "g");
  const run = compile(rules.run);
  const card = new RegExp(rules.card);
  const ibans = compile(rules.iban);
  const lengths = new Map();
  for (const [, land, size] of rules.iban_lengths.matchAll(/([A-Z]{2})([0-9]{2})/g))
    lengths.set(land, Number(size));
  const bare = (text) => text.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
  const each = (text) => text.replace(/[\p{L}\p{N}]/gu, "•");
  const wholly = () => "••••••••";

  const mod97 = (text) =>
    [...text].reduce((rest, one) => {
      const value = parseInt(one, 36);
      return (rest * (value > 9 ? 100 : 10) + value) % 97;
    }, 0);
  const luhn = (text) =>
    [...text].reverse().reduce((sum, one, at) => {
      const value = Number(one) * (at % 2 ? 2 : 1);
      return sum + (value > 9 ? value - 9 : value);
    }, 0) % 10 === 0;
  const LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

  const checks = {
    ssn: (n) => !/^(000|666|9)/.test(n) && n.slice(3, 5) !== "00" && n.slice(5) !== "0000",
    nino: (n) => !/^(BG|GB|NK|KN|TN|NT|ZZ)/.test(n),
    nir(n) {
      if (!/^\d{5}(\d\d|2[AB])\d{8}$/.test(n)) return false;
      const number = n.slice(0, 13).replace("2A", "19").replace("2B", "18");
      return 97 - mod97(number) === Number(n.slice(13));
    },
    ahv(n) {
      let sum = 0;
      for (let at = 0; at < 13; at++) sum += Number(n[at]) * (at % 2 ? 3 : 1);
      return sum % 10 === 0;
    },
    idnr(n) {
      const often = {};
      for (const one of n.slice(0, 10)) often[one] = (often[one] || 0) + 1;
      const again = Object.values(often).filter((times) => times > 1);
      if (again.length !== 1 || again[0] > 3) return false;
      let check = 5;
      for (const one of n) check = ((((check || 10) * 2) % 11) + Number(one)) % 10;
      return check === 1;
    },
    sin: (n) => !/^[08]/.test(n) && luhn(n),
    dni: (n) => LETTERS[Number(n.slice(0, 8)) % 23] === n[8],
    nie: (n) => LETTERS[Number("XYZ".indexOf(n[0]) + n.slice(1, 8)) % 23] === n[8],
    codicefiscale(n) {
      const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
      const day = Number(n.slice(9, 11)) % 40;
      if (day < 1 || day > 31) return false;
      let sum = 0;
      for (let at = 0; at < 15; at++) {
        const value = /\d/.test(n[at]) ? Number(n[at]) : n.charCodeAt(at) - 65;
        sum += at % 2 ? value : odd[value];
      }
      return n.charCodeAt(15) - 65 === sum % 26;
    },
  };

  const matching = (pattern, right = () => true) => {
    const compiled = compile(pattern);
    return (text) =>
      [...text.matchAll(compiled)]
        .filter((hit) => right(bare(hit[2])))
        .map((hit) => [hit.index + hit[1].length, hit.index + hit[1].length + hit[2].length]);
  };

  const usual = rules.card_groups.map((sizes) => sizes.split(",").map(Number));
  function cardFrom(groups, first, text) {
    const ends = first === 0 && groups.length <= 19 ? [groups.length] : [];
    for (const sizes of usual)
      if (sizes.every((size, at) => groups[first + at] && groups[first + at][1] - groups[first + at][0] === size))
        ends.push(first + sizes.length);
    for (const past of [...ends, first + 1]) {
      const number = groups.slice(first, past).map(([start, end]) => text.slice(start, end)).join("");
      if (card.test(number) && luhn(number)) return past;
    }
    return 0;
  }

  function cards(text) {
    const found = [];
    for (const hit of text.matchAll(run)) {
      const groups = [];
      let start = hit.index;
      for (const between of hit[0].matchAll(gap)) {
        groups.push([start, hit.index + between.index]);
        start = hit.index + between.index + 1;
      }
      groups.push([start, hit.index + hit[0].length]);
      for (let at = 0; at < groups.length; ) {
        const past = cardFrom(groups, at, text);
        if (past) found.push([groups[at][0], groups[past - 1][1]]);
        at = past || at + 1;
      }
    }
    return found;
  }

  function accounts(text) {
    const found = [];
    ibans.lastIndex = 0;
    for (let hit; (hit = ibans.exec(text)); ) {
      const places = [...hit[0].matchAll(/[0-9A-Za-z]/g)].map((one) => one.index);
      const size = lengths.get(hit[0].slice(0, 2).toUpperCase());
      const end = size <= places.length ? places[size - 1] + 1 : 0;
      const number = bare(hit[0].slice(0, end));
      const ends = !/[0-9A-Za-z]/.test(hit[0][end] || "");
      const right = end && ends && mod97(number.slice(4) + number.slice(0, 4)) === 1;
      if (right) found.push([hit.index, hit.index + end]);
      ibans.lastIndex = hit.index + (right ? end : 1);
    }
    return found;
  }

  const steps = [
    ...rules.passwords.map((pattern) => ["password", matching(pattern), wholly]),
    ["card", cards, each],
    ["iban", accounts, each],
    ...rules.ids.map(([of, pattern]) => ["national-id", matching(pattern, checks[of]), each]),
  ];

  return function mask(text) {
    const kinds = new Set();
    for (const [kind, find, blot] of steps) {
      const spans = find(plainly(text));
      if (!spans.length) continue;
      kinds.add(kind);
      let made = "", done = 0;
      for (const [start, end] of spans) {
        made += text.slice(done, start) + blot(text.slice(start, end));
        done = end;
      }
      text = made + text.slice(done);
    }
    return { text, kinds: ["card", "iban", "national-id", "password"].filter((kind) => kinds.has(kind)) };
  };
}
